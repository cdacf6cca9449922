import type { XfrmPolicy, XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { clusterPolicies, describedNode, knownFamilies } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { type FormerRouting, formerRouting } from '../../harness/judge/state/former-routing.ts';
import { familyOf, isAny, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { type ConcretePolicy, concretePolicies, policyDifferences } from '../../harness/judge/state/xfrm-expectations.ts';
import { markMismatch, printMark } from '../../harness/stacks/marks.ts';

/** The policies of the profile; an out policy refers to an existing SA. */
export const xfr06: Check = {
  id: 'XFR-06',
  must: 'The policies of the profile exist, correct in all fields, and no others: out for every remote pod CIDR, in and forward; every template of an out policy refers to an existing SA',
  modes: ['ipsec'],
  evidence: 'ip xfrm policy and ip xfrm state of every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `List them on the named node: \`ip xfrm policy list\`, with \`ip xfrm monitor\` to see who removes them. {restartAgents} writes missing ones again; take the node out of service (\`kubectl cordon NODE\`, \`kubectl drain NODE --ignore-daemonsets\`) if pods communicate across nodes until then.`,
  judge(x) {
    const { ipsec } = x;
    const { routing } = x.facts.manifest.intent;
    const { nodes } = x.facts.manifest.cluster;
    const families = knownFamilies(x, ipsec);
    const former = formerRouting(x, ipsec);
    const expectations = ipsec.policies[routing].value.filter((e) => e.action === 'allow');
    for (const node of x.nodes('before', 'after')) {
      const policies = clusterPolicies(x, node);
      if (policies === undefined) continue;
      const wanted = families.flatMap((family) => concretePolicies(describedNode(x, node.node), nodes, expectations, family));
      for (const one of wanted) if (one.expectation.presence === 'required') expectPresent(x, node, policies, one);
      const states = x.use(node.xfrmStates);
      for (const policy of policies) {
        judgePolicy(x, node, policy, wanted, former);
        judgeTemplates(x, node, policy, states);
      }
    }
    const required = expectations.filter((e) => e.presence === 'required').map((e) => e.name);
    return x.conclude('policies', `${required.join(', ')}; no other; every out policy with an existing SA`);
  },
};

/** Whether a policy is of that expectation: its direction, action and addresses. */
function isOf(policy: XfrmPolicy, { expectation, src, dst }: ConcretePolicy): boolean {
  const { dir, action } = expectation;
  return policy.dir === dir && policy.action === action && sameAddress(policy.src, src) && sameAddress(policy.dst, dst);
}

function expectPresent(x: Examination, node: NodeState, policies: readonly XfrmPolicy[], wanted: ConcretePolicy): void {
  const { name, dir } = wanted.expectation;
  // Two `in` policies may differ only by their mark; the mark of an out policy is judged by XFR-05.
  const ofMark = ({ mark }: XfrmPolicy) => dir === 'out' || markMismatch(wanted.expectation.mark, mark ?? null, null) === null;
  x.expect(
    policies.some((policy) => !policy.incomplete && isOf(policy, wanted) && ofMark(policy)),
    `${at(node)}: policy "${name}" (dir ${dir}) for ${wanted.src} -> ${wanted.dst} is missing`,
    { node: node.node },
  );
}

/** Every policy of the cluster is in the profile, correct in all fields; policies of other traffic are not judged. */
function judgePolicy(x: Examination, node: NodeState, policy: XfrmPolicy, wanted: readonly ConcretePolicy[], former: FormerRouting): void {
  // A block policy sends nothing; XFR-07 judges whether the right one exists.
  if (policy.incomplete || policy.action === 'block') return;
  const where = `${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst}`;
  const candidates = wanted
    .filter((one) => isOf(policy, one))
    .map((one) => ({
      ofMark: markMismatch(one.expectation.mark, policy.mark ?? null, null) === null,
      found: policyDifferences(policy, one, x.ipsec),
      leftBy: one.expectation.leftBy,
    }))
    .sort((a, b) => Number(b.ofMark) - Number(a.ofMark) || a.found.length - b.found.length);
  const [best] = candidates;
  if (best !== undefined) {
    x.expect(best.found.length === 0, `${where}: ${best.found.join(', ')}`, { node: node.node });
    if (best.leftBy !== undefined) x.note(`${where} is one of release ${best.leftBy}, left by an update in place`);
  } else if (policy.templates.some((template) => former(template) !== null))
    x.note(`${where} is of another routing: XFR-11 judges left-overs of that`);
  else if (isClaimed(x, policy)) x.fault(`${where} is not one of the profile's: ${describePolicy(policy)}`, { node: node.node });
  else x.note(`${where} is of a family that is not claimed`);
}

/** A family that is not in the profile, or not claimed, is not judged here. */
function isClaimed(x: Examination, { dst }: XfrmPolicy): boolean {
  const family = familyOf(dst);
  return family === null || knownFamilies(x, x.ipsec).includes(family);
}

function describePolicy({ templates, proto, priority, mark }: XfrmPolicy): string {
  const [template] = templates;
  const to =
    template === undefined
      ? 'no template, so packets pass unencrypted'
      : `template ${template.src} -> ${template.dst} ${template.proto ?? ''}`;
  return `${proto === undefined ? '' : `proto ${proto}, `}priority ${priority ?? 0}, ${mark === undefined ? 'no mark' : `mark ${printMark(mark)}`}, ${to}`;
}

function judgeTemplates(x: Examination, node: NodeState, policy: XfrmPolicy, states: readonly XfrmState[] | undefined): void {
  const where = `${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst}`;
  if (policy.incomplete) x.gap(`${where} was cut off`, { node: node.node });
  if (policy.dir !== 'out' || policy.action !== 'allow' || states === undefined) return;
  for (const template of policy.templates) {
    if (isAny(template.dst)) continue;
    const behind = states.some(
      (sa) =>
        sameAddress(sa.src, template.src) &&
        sameAddress(sa.dst, template.dst) &&
        (template.spi === undefined || Number(template.spi) === 0 || Number(sa.spi) === Number(template.spi)) &&
        (template.reqid === undefined || sa.reqid === undefined || sa.reqid === template.reqid),
    );
    x.expect(behind, `${where}: no SA for its template ${template.src} -> ${template.dst} spi ${template.spi ?? 'any'}`, {
      node: node.node,
    });
  }
}
