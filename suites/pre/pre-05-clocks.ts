import type { Check } from '../../harness/judge/check.ts';
import { at } from '../../harness/judge/state/examination.ts';

/** Largest difference in seconds between the clock of a node and of the recorder for a common timeline. */
const BOUND = 5;

/** If clocks disagree, no timeline is reliable. */
export const pre05: Check = {
  id: 'PRE-05',
  must: 'The clocks of the nodes and of the recorder agree within the bound: otherwise no timeline is reliable',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'date on every node, before and after, with the time of the call',
  needs: ['host-shell'],
  comparesWithOutside: true,
  remedy:
    'Synchronise the named node: `chronyc makestep` or `systemctl restart systemd-timesyncd`, check the offset with `chronyc tracking` or `timedatectl timesync-status`, then record again.',
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      const clock = x.use(node.clock);
      const command = node.clock.ok ? node.clock.commands[0] : undefined;
      if (clock === undefined || command === undefined) continue;
      const [start, end] = [Date.parse(command.startedAt.utc), Date.parse(command.endedAt.utc)];
      // The true offset lies between these two; only the part that the call's own time cannot explain counts.
      const off = Math.max(start - clock, clock - end, 0) / 1000;
      if (Number.isNaN(off)) x.gap(`${at(node)}: the time of the call was not recorded`, { node: node.node });
      else
        x.expect(off <= BOUND, `${at(node)}: its clock differs from the recorder's by ${off.toFixed(1)} s, bound ${BOUND} s`, {
          node: node.node,
        });
    }
    return x.conclude('clock samples', `every node's clock within ${BOUND} s of the recorder's`);
  },
};
