import type { XfrmPolicy } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { clusterPolicies, knownFamilies } from '../../harness/judge/state/associations.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { familyOf, isAny } from '../../harness/judge/state/networks.ts';
import { policyDifferences } from '../../harness/judge/state/xfrm-expectations.ts';
import { markMismatch } from '../../harness/stacks/marks.ts';
import type { IpsecProfile, PolicyExpectation } from '../../harness/stacks/profile.ts';

/** Without the block policy a packet that matches no out policy leaves in the clear, and every ping is answered. */
export const xfr07: Check = {
  id: 'XFR-07',
  must: 'The fail-closed block policy exists for each claimed IP family, if the profile has one',
  modes: ['ipsec'],
  evidence: 'ip xfrm policy of every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `See it on the named node: \`ip xfrm policy list | grep -A1 "action block"\`. {restartAgents} writes it again. Without it a missing out policy means plaintext with every request answered, so read WIR-01 and XFR-06 of the same recording.`,
  judge(x) {
    const { ipsec } = x;
    const { intent } = x.facts.manifest;
    const wanted = ipsec.policies[intent.routing].value.find((p) => p.action === 'block');
    const expected = 'dir out action block for every packet marked for encryption';
    if (wanted === undefined) return x.set('not-applicable', `profile ${intent.profile} has no block policy`, expected);
    const families = knownFamilies(x, ipsec);
    for (const node of x.nodes('before', 'after')) {
      const policies = clusterPolicies(x, node);
      if (policies === undefined) continue;
      for (const family of families) {
        const where = `${at(node)}: ${family} block policy`;
        const [block] = policies
          .filter(
            (p) => p.dir === 'out' && p.action === 'block' && !p.incomplete && isAny(p.src) && isAny(p.dst) && familyOf(p.src) === family,
          )
          .map((policy) => ({ policy, found: [...differencesOf(policy, wanted, ipsec), ...markOf(policy, wanted)] }))
          .sort((a, b) => a.found.length - b.found.length);
        if (block === undefined) {
          x.fault(`${where} is missing`, { node: node.node });
          continue;
        }
        x.expect(block.found.length === 0, `${where}: ${block.found.join(', ')}`, { node: node.node });
        const priority = block.policy.priority ?? 0;
        const first = policies.find(
          (p) => p.dir === 'out' && p.action === 'allow' && familyOf(p.src) === family && (p.priority ?? 0) >= priority,
        );
        x.expect(first === undefined, `${where}: priority ${priority} comes before ${first?.src ?? ''} -> ${first?.dst ?? ''}`, {
          node: node.node,
        });
      }
    }
    return x.conclude('block policies', expected);
  },
};

function differencesOf(policy: XfrmPolicy, expectation: PolicyExpectation, ipsec: IpsecProfile): readonly string[] {
  return policyDifferences(policy, { expectation, src: policy.src, dst: policy.dst, template: null }, ipsec);
}

function markOf(policy: XfrmPolicy, { mark }: PolicyExpectation): readonly string[] {
  const mismatch = markMismatch(mark, policy.mark ?? null, null);
  return mismatch === null ? [] : [mismatch];
}
