import type { Check } from '../../harness/judge/check.ts';
import { knownFamilies } from '../../harness/judge/state/associations.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { familyOf, isAny } from '../../harness/judge/state/networks.ts';
import { markMismatch } from '../../harness/stacks/cilium/profiles/marks.ts';
import { RESTART_AGENTS } from '../remedy.ts';

/** Without the block policy a packet that meets no out policy leaves in the clear, with every ping answered. */
export const xfr07: Check = {
  id: 'XFR-07',
  must: 'The fail-closed block policy is there for each claimed IP family, where the profile has one',
  modes: ['ipsec'],
  evidence: 'ip xfrm policy of every node, before and after',
  needs: ['host-shell'],
  remedy: `See it on the named node: \`ip xfrm policy list | grep -A1 "action block"\`. ${RESTART_AGENTS} writes it again. Without it a missing out policy means plaintext with every request answered, so read WIR-01 and XFR-06 of the same recording.`,
  judge(x) {
    const { ipsec } = x;
    const { intent } = x.facts.manifest;
    const wanted = ipsec.policies[intent.routing].value.find((p) => p.action === 'block');
    const expected = 'dir out action block for everything that is marked for encryption';
    if (wanted === undefined) return x.set('not-applicable', `profile ${intent.profile} has no block policy`, expected);
    const families = knownFamilies(x, ipsec);
    for (const node of x.nodes('before', 'after')) {
      const policies = x.use(node.xfrmPolicies);
      if (policies === undefined) continue;
      for (const family of families) {
        const where = `${at(node)}: ${family} block policy`;
        const block = policies.find(
          (p) => p.dir === 'out' && p.action === 'block' && isAny(p.src) && isAny(p.dst) && familyOf(p.src) === family,
        );
        if (block === undefined) {
          x.fault(`${where} is missing`, { node: node.node });
          continue;
        }
        const mismatch = markMismatch(wanted.mark, block.mark ?? null, null);
        x.expect(mismatch === null, `${where}: ${mismatch ?? ''}`, { node: node.node });
        const first = policies.find(
          (p) => p.dir === 'out' && p.action === 'allow' && familyOf(p.src) === family && (p.priority ?? 0) >= (block.priority ?? 0),
        );
        x.expect(first === undefined, `${where}: priority ${block.priority ?? 0} comes before ${first?.src ?? ''} -> ${first?.dst ?? ''}`, {
          node: node.node,
        });
      }
    }
    return x.conclude('block policies', expected);
  },
};
