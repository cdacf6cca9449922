import type { XfrmPolicy, XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { describedNode, knownFamilies } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { covers, endpointOf, familyOf, isAny, podCidrs, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { Family } from '../../harness/model/mode.ts';
import type { PolicyExpectation } from '../../harness/stacks/profile.ts';
import { RESTART_AGENTS } from '../remedy.ts';

/** What a policy's selector must cover. */
interface Wanted {
  readonly source: string;
  readonly destination: string;
  readonly template: { readonly src: string | undefined; readonly dst: string | undefined } | null;
}

/** The policies of the profile; an out policy leads to an SA that exists. */
export const xfr06: Check = {
  id: 'XFR-06',
  must: 'The policies of the profile are there: out for every remote pod CIDR, in and forward; every template of an out policy points at an SA that exists',
  modes: ['ipsec'],
  evidence: 'ip xfrm policy and ip xfrm state of every node, before and after',
  needs: ['host-shell'],
  remedy: `List them on the named node: \`ip xfrm policy list\`, with \`ip xfrm monitor\` to see who removes them. ${RESTART_AGENTS} writes missing ones again; take the node out of service (\`kubectl cordon NODE\`, \`kubectl drain NODE --ignore-daemonsets\`) if pods talk across nodes meanwhile.`,
  judge(x) {
    const { ipsec } = x;
    const { routing } = x.facts.manifest.intent;
    const families = knownFamilies(x, ipsec);
    const expectations = ipsec.policies[routing].value.filter((e) => e.action === 'allow' && e.presence === 'required');
    for (const node of x.nodes('before', 'after')) {
      const policies = x.use(node.xfrmPolicies);
      if (policies === undefined) continue;
      for (const expectation of expectations)
        for (const family of families)
          for (const wanted of wantedOf(x, describedNode(x, node.node), expectation, family)) judge(x, node, policies, expectation, wanted);
      const states = x.use(node.xfrmStates);
      for (const policy of policies) judgeTemplates(x, node, policy, states);
    }
    return x.conclude('policies', `${expectations.map((e) => e.name).join(', ')}; every out policy with an SA behind it`);
  },
};

function wantedOf(x: Examination, own: NodeDescription, e: PolicyExpectation, family: Family): readonly Wanted[] {
  const peers = x.facts.manifest.cluster.nodes.filter((n) => n !== own);
  const ownCidrs = podCidrs(own, [family]);
  const wildcard = family === 'ipv4' ? '0.0.0.0/0' : '::/0';
  if (e.per === 'node') return ownCidrs.map((cidr) => ({ source: wildcard, destination: cidr, template: null }));
  return peers.flatMap((peer): Wanted[] => {
    const kind = e.template ?? 'internal';
    const [here, there] = [endpointOf(own, kind, family), endpointOf(peer, kind, family)];
    if (e.per === 'remote-node') {
      // Between node addresses the underlay's family counts, not the pods'.
      if (family !== familyOf(own.addresses[0] ?? '') || here === undefined || there === undefined) return [];
      return [{ source: here, destination: there, template: { src: here, dst: there } }];
    }
    const inward = e.dir !== 'out';
    const template = inward ? { src: there, dst: here } : { src: here, dst: there };
    return podCidrs(peer, [family]).flatMap((remote) =>
      ownCidrs.map((local) => ({ source: inward ? remote : local, destination: inward ? local : remote, template })),
    );
  });
}

function judge(x: Examination, node: NodeState, policies: readonly XfrmPolicy[], e: PolicyExpectation, wanted: Wanted): void {
  const where = `${at(node)}: policy "${e.name}" (dir ${e.dir}) for ${wanted.source} -> ${wanted.destination}`;
  const found = policies.filter(
    (p) => p.dir === e.dir && p.action === 'allow' && !p.incomplete && covers(p.src, wanted.source) && covers(p.dst, wanted.destination),
  );
  const [policy] = found;
  if (policy === undefined) {
    x.fault(`${where} is missing`, { node: node.node });
    return;
  }
  const { template } = wanted;
  x.expect(
    found.some((p) => e.priority === null || (p.priority ?? 0) === e.priority),
    `${where} has priority ${policy.priority ?? 0}, expected ${e.priority}`,
    { node: node.node },
  );
  if (template === null || template.src === undefined || template.dst === undefined) return;
  x.expect(
    found.some((p) => p.templates.some((t) => sameAddress(t.src, template.src ?? '') && sameAddress(t.dst, template.dst ?? ''))),
    `${where} has no template ${template.src} -> ${template.dst}`,
    { node: node.node },
  );
}

function judgeTemplates(x: Examination, node: NodeState, policy: XfrmPolicy, states: readonly XfrmState[] | undefined): void {
  const where = `${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst}`;
  if (policy.incomplete) x.gap(`${where} was cut off`, { node: node.node });
  if (policy.dir !== 'out' || policy.action !== 'allow') return;
  if (policy.templates.length === 0) x.fault(`${where} lets packets out without encryption: it has no template`, { node: node.node });
  for (const template of policy.templates) {
    if (template.level === 'use') x.fault(`${where}: template level use lets packets out in the clear`, { node: node.node });
    if (isAny(template.dst) || states === undefined) continue;
    const behind = states.some(
      (sa) =>
        sameAddress(sa.src, template.src) &&
        sameAddress(sa.dst, template.dst) &&
        (template.spi === undefined || Number(template.spi) === 0 || Number(sa.spi) === Number(template.spi)) &&
        (template.reqid === undefined || sa.reqid === undefined || sa.reqid === template.reqid),
    );
    x.expect(behind, `${where}: no SA behind its template ${template.src} -> ${template.dst} spi ${template.spi ?? 'any'}`, {
      node: node.node,
    });
  }
}
