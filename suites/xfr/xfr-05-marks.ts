import type { Mark, XfrmPolicy, XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import {
  aboutSa,
  associationName,
  clusterPolicies,
  describedNode,
  directionOf,
  wholeStates,
} from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { isAny } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { markMismatch, marksMeet, printMark } from '../../harness/stacks/marks.ts';
import type { ExactMark, IpsecProfile } from '../../harness/stacks/profile.ts';

/** Marks decide which SA a packet uses: a wrong mark causes no error message. */
export const xfr05: Check = {
  id: 'XFR-05',
  must: 'Marks and output marks of every SA and every policy are those of the profile',
  modes: ['ipsec'],
  evidence: 'ip xfrm state and ip xfrm policy of every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `Compare \`ip xfrm state list\` and \`ip xfrm policy list\` of the named node with another one, and check whether another program writes SAs (strongSwan, another CNI). {restartAgents} writes those of {stack} again.`,
  judge(x) {
    const { ipsec } = x;
    for (const node of x.nodes('before', 'after')) {
      const states = wholeStates(x, at(node), x.use(node.xfrmStates) ?? []);
      for (const sa of states) judgeState(x, ipsec, node, sa);
      for (const policy of clusterPolicies(x, node) ?? []) judgePolicy(x, ipsec, node, policy, states);
    }
    return x.conclude('marks');
  },
};

function judgeState(x: Examination, ipsec: IpsecProfile, node: NodeState, sa: XfrmState): void {
  const direction = directionOf(describedNode(x, node.node), sa);
  const where = `${at(node)}: ${direction ?? ''} SA ${associationName(sa)}`;
  if (direction === null) return;
  const pattern = direction === 'out' ? ipsec.outMark.value : ipsec.inMark.value;
  const mismatch = markMismatch(pattern, sa.mark ?? null, Number(sa.spi));
  x.expect(mismatch === null, `${where}: ${mismatch ?? ''}`, aboutSa(node, sa));
  const wanted = direction === 'out' ? ipsec.outOutputMark.value : ipsec.inOutputMark.value;
  x.expect(
    sameMark(sa.outputMark ?? null, wanted),
    `${where}: output-mark ${sa.outputMark === undefined ? 'absent' : printMark(sa.outputMark)}, expected ${wanted === null ? 'none' : printMark(wanted)}`,
    aboutSa(node, sa),
  );
}

function judgePolicy(x: Examination, ipsec: IpsecProfile, node: NodeState, policy: XfrmPolicy, states: readonly XfrmState[]): void {
  if (policy.action === 'block') return;
  const where = `${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst}`;
  const template = policy.templates[0];
  const spi = template?.spi === undefined ? null : Number(template.spi);
  const { routing } = x.facts.manifest.intent;
  const patterns = ipsec.policies[routing].value.filter((p) => p.dir === policy.dir && p.action === 'allow').map((p) => p.mark);
  if (patterns.length === 0) return;
  const mismatches = patterns.map((pattern) => markMismatch(pattern, policy.mark ?? null, spi));
  x.expect(mismatches.includes(null), `${where}: ${mismatches.find((m) => m !== null) ?? ''}`, { node: node.node });
  if (template === undefined || isAny(template.src) || policy.mark === undefined || ipsec.outMark.value === null) return;
  for (const sa of states)
    if (sa.src === template.src && sa.dst === template.dst && (spi === null || Number(sa.spi) === spi))
      x.expect(
        marksMeet(sa.mark ?? null, policy.mark),
        `${where}: mark ${printMark(policy.mark)} never matches its SA ${associationName(sa)} of mark ${sa.mark === undefined ? 'none' : printMark(sa.mark)}`,
        aboutSa(node, sa),
      );
}

function sameMark(a: Mark | null, b: ExactMark | null): boolean {
  return a?.value === b?.value && a?.mask === b?.mask;
}
