import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, describedNode, directionOf, wholeStates } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { Known, NodeState } from '../../harness/judge/state/node-state.ts';
import type { CommandRecord } from '../../harness/model/recording.ts';

/** An SA that used this share of its numbers must be replaced. */
const MAX_SHARE = 0.75;
/** Hours that the numbers must last at the measured rate, so that there is time to rotate by hand. */
const MIN_HOURS = 24;

/** Without ESN sequence numbers end: then the SA stops sending. */
export const xfr10: Check = {
  id: 'XFR-10',
  must: 'Every SA has sequence numbers left for a day at the measured rate and, with per-tunnel keys, ESN and the replay window of the profile',
  modes: ['ipsec'],
  evidence: 'ip xfrm state of every node, before and after',
  needs: ['host-shell'],
  remedy: `Rotate the key now: {replaceKey}. A key id with \`+\` enables ESN, whose numbers do not end.`,
  judge(x) {
    const { ipsec } = x;
    const { perTunnelKeys } = x.facts.manifest.intent;
    for (const node of x.nodes('before', 'after')) {
      for (const sa of wholeStates(x, at(node), x.use(node.xfrmStates) ?? [])) {
        const where = `${at(node)}: SA ${associationName(sa)}`;
        headroom(x, node, sa, where);
        if (!perTunnelKeys || ipsec.perTunnelKeys.value === 'never') continue;
        x.expect(!ipsec.esn.value || sa.flags.includes('esn'), `${where} has no ESN`, aboutSa(node, sa));
        const window = sa.replayWindow ?? 0;
        x.expect(
          window >= ipsec.replayWindow.value,
          `${where} has a replay window of ${window}, expected ${ipsec.replayWindow.value}`,
          aboutSa(node, sa),
        );
      }
    }
    return x.conclude(
      'SAs',
      `less than ${MAX_SHARE * 100} % of the numbers used, at least ${MIN_HOURS} hours left, ESN and replay window by profile`,
    );
  },
};

function headroom(x: Examination, node: NodeState, sa: XfrmState, where: string): void {
  const limit = sa.flags.includes('esn') ? 2 ** 64 : 2 ** 32;
  const number = directionOf(describedNode(x, node.node), sa) === 'in' ? (sa.seq ?? sa.oseq) : sa.oseq;
  if (number === undefined) {
    x.gap(`${where}: no sequence number was printed`, aboutSa(node, sa));
    return;
  }
  x.expect(number < limit * MAX_SHARE, `${where}: sequence number 0x${number.toString(16)} of 0x${limit.toString(16)}`, aboutSa(node, sa));
  const rate = node.snapshot === 'after' ? rateOf(x, node, sa, number) : null;
  if (rate === null || rate <= 0) return;
  const hours = (limit - number) / rate / 3600;
  x.expect(
    hours >= MIN_HOURS,
    `${where}: at ${rate.toFixed(1)} packets/s its sequence numbers are used up in ${hours.toFixed(1)} hours`,
    aboutSa(node, sa),
  );
}

/** Packets per second since the previous snapshot; null if it cannot be measured. */
function rateOf(x: Examination, node: NodeState, sa: XfrmState, number: number): number | null {
  const before = x.facts.state.nodes.find((n) => n.node === node.node && n.snapshot === 'before');
  if (!before?.xfrmStates.ok || !node.xfrmStates.ok) return null;
  const same = before.xfrmStates.value.find(
    (s) => s.src === sa.src && s.dst === sa.dst && s.spi === sa.spi && s.mark?.value === sa.mark?.value,
  );
  const seconds = (startOf(node.xfrmStates) - startOf(before.xfrmStates)) / 1000;
  const start = sa.oseq === number ? same?.oseq : same?.seq;
  return start === undefined || !(seconds > 0) ? null : (number - start) / seconds;
}

function startOf(datum: Known<unknown>): number {
  const [command]: readonly CommandRecord[] = datum.commands;
  return command?.startedAt.monotonicMs ?? Number.NaN;
}
