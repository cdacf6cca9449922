import { XFRM_COUNTERS } from '../../harness/decode/kernel/xfrm-stat.ts';
import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName } from '../../harness/judge/state/associations.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { changesIn } from '../../harness/judge/window/change.ts';
import type { ScenarioName } from '../../harness/model/scenario.ts';

/** Error counters of the window. Also with WireGuard: a left-over block policy increments XfrmOutPolBlock. */
export const xfr08: Check = {
  id: 'XFR-08',
  must: 'No error counter of /proc/net/xfrm_stat or of an SA grows between two readings by more than the allowance, also during a key rotation; every counter was printed',
  modes: ['ipsec', 'wireguard'],
  evidence: '/proc/net/xfrm_stat and ip -s xfrm state of every node: before, after, and at the end of a window',
  needs: ['host-shell'],
  remedy: `Watch the named counter: \`watch -d cat /proc/net/xfrm_stat\`. XfrmInNoStates: an SA is missing here (XFR-01). XfrmOutNoStates or XfrmOutPolBlock: an out policy has no SA, or no out policy matches (XFR-06, XFR-11). XfrmInStateProtoError: the two ends have different keys (XFR-03), or one of them restarted its sequence numbers: {restartAgents} on the peer. XfrmInStateSeqError: frames are replayed or far out of order.`,
  judge(x) {
    const { ipsec } = x.profile;
    const allowance = ipsec?.errorAllowance.value ?? {};
    const quiet = [...changesIn(x.facts)].every((change) => QUIET.includes(change));
    for (const before of x.nodes('before')) {
      const [after, end] = (['after', 'end'] as const).map((s) =>
        x.facts.state.nodes.find((n) => n.node === before.node && n.snapshot === s),
      );
      if (after !== undefined) compare(x, before, after, allowance);
      const read = end !== undefined && (end.xfrmStat.ok || !end.xfrmStat.absent);
      // Errors while encryption or a node is removed are judged by the checks of that scenario.
      if (after !== undefined && end !== undefined && read && quiet) compare(x, after, end, allowance);
    }
    return x.conclude('counters');
  },
};

/** Scenarios whose change must cause no packet error. */
const QUIET: readonly ScenarioName[] = ['steady', 'rotation', 'pod-churn', 'node-join'];

function compare(x: Examination, one: NodeState, two: NodeState, allowance: Readonly<Record<string, number>>): void {
  const [first, last] = [x.use(one.xfrmStat), x.use(two.xfrmStat)];
  if (first === undefined || last === undefined) return;
  const { node } = one;
  const window = `from ${one.snapshot} to ${two.snapshot}`;
  for (const [{ snapshot }, counters] of [[one, first] as const, [two, last] as const]) {
    const missing = XFRM_COUNTERS.filter((name) => !counters.some((c) => c.name === name));
    if (missing.length > 0) x.gap(`${node} ${snapshot}: /proc/net/xfrm_stat was not printed in full: no ${missing.join(', ')}`, { node });
  }
  for (const { name, value } of last) {
    const start = first.find((c) => c.name === name)?.value;
    if (start === undefined) x.gap(`${node}: ${name} is in the second reading only`, { node });
    else if (value < start) x.gap(`${node}: ${name} went back from ${start} to ${value}: the node restarted`, { node });
    else
      x.expect(
        value - start <= (allowance[name] ?? 0),
        `${node}: ${name} grew by ${value - start} ${window}, allowed ${allowance[name] ?? 0}`,
        { node },
      );
  }
  for (const { name } of first) if (!last.some((c) => c.name === name)) x.gap(`${node}: ${name} is in the first reading only`, { node });
  compareStates(x, one, two, window);
}

/** An SA also counts the packets that it refused. */
function compareStates(x: Examination, one: NodeState, two: NodeState, window: string): void {
  if (!one.xfrmStates.ok || !two.xfrmStates.ok) return;
  x.cite(...one.xfrmStates.evidence, ...two.xfrmStates.evidence);
  for (const sa of two.xfrmStates.value) {
    const start = one.xfrmStates.value.find((s) => associationName(s) === associationName(sa) && s.mark?.value === sa.mark?.value)?.stats;
    for (const [field, what] of [
      ['failed', 'failed the integrity check'],
      ['replay', 'were replayed'],
    ] as const) {
      const grown = (sa.stats?.[field] ?? 0) - (start?.[field] ?? 0);
      if (grown > 0) x.fault(`${one.node}: ${grown} packet(s) of SA ${associationName(sa)} ${what} ${window}`, aboutSa(one, sa));
    }
  }
}
