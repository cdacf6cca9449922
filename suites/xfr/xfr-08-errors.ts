import type { Check } from '../../harness/judge/check.ts';
import { RESTART_AGENTS } from '../remedy.ts';

/** Error counters of the window. Also under WireGuard: a left-over block policy shows as XfrmOutPolBlock. */
export const xfr08: Check = {
  id: 'XFR-08',
  must: 'No error counter of /proc/net/xfrm_stat grows between the two readings by more than the allowance',
  modes: ['ipsec', 'wireguard'],
  evidence: '/proc/net/xfrm_stat of every node, before and after',
  needs: ['host-shell'],
  remedy: `Watch the named counter: \`watch -d cat /proc/net/xfrm_stat\`. XfrmInNoStates: an SA is missing here (XFR-01). XfrmOutNoStates or XfrmOutPolBlock: an out policy has no SA, or none fits (XFR-06, XFR-11). XfrmInStateProtoError: the two ends have different keys (XFR-03), or one of them started its sequence numbers again: ${RESTART_AGENTS} on the peer. XfrmInStateSeqError: frames are replayed or badly out of order.`,
  judge(x) {
    const { ipsec } = x.profile;
    const allowance = ipsec?.errorAllowance.value ?? {};
    for (const before of x.nodes('before')) {
      const after = x.facts.state.nodes.find((n) => n.node === before.node && n.snapshot === 'after');
      const [first, last] = [x.use(before.xfrmStat), after === undefined ? undefined : x.use(after.xfrmStat)];
      if (first === undefined || last === undefined) continue;
      if (first.length === 0 || last.length === 0) x.gap(`${before.node}: /proc/net/xfrm_stat is empty`, { node: before.node });
      for (const { name, value } of last) {
        const start = first.find((c) => c.name === name)?.value;
        if (start === undefined) x.gap(`${before.node}: ${name} is in the second reading only`, { node: before.node });
        else if (value < start)
          x.gap(`${before.node}: ${name} went back from ${start} to ${value}: the node restarted`, { node: before.node });
        else
          x.expect(
            value - start <= (allowance[name] ?? 0),
            `${before.node}: ${name} grew by ${value - start}, allowed ${allowance[name] ?? 0}`,
            { node: before.node },
          );
      }
      for (const { name } of first)
        if (!last.some((c) => c.name === name)) x.gap(`${before.node}: ${name} is in the first reading only`, { node: before.node });
    }
    return x.conclude('counters');
  },
};
