import type { IpRule } from '../../harness/decode/kernel/ip-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { knownFamilies } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { printMark } from '../../harness/stacks/cilium/profiles/marks.ts';
import type { IpRuleExpectation } from '../../harness/stacks/profile.ts';
import { RESTART_AGENTS } from '../remedy.ts';

/** The rules that lead marked packets to table 200. */
export const rul01: Check = {
  id: 'RUL-01',
  must: 'The IP rules are those of the profile for each claimed IP family: marks 0xd00/0xf00 and, up to 1.18, 0xe00/0xf00 look up table 200 at priority 1',
  modes: ['ipsec'],
  evidence: 'ip rule of every node, before and after',
  needs: ['host-shell'],
  remedy: `See them on the named node: \`ip rule list\` and \`ip -6 rule list\`. ${RESTART_AGENTS} adds a missing rule; find out which program added a rule that leads other packets to table 200, then delete it: \`ip rule del pref PRIORITY\`.`,
  judge(x) {
    const { ipsec } = x;
    const wanted = ipsec.ipRules.value;
    const families = knownFamilies(x, ipsec);
    for (const node of x.nodes('before', 'after'))
      for (const family of families) {
        const rules = x.use(family === 'ipv6' ? node.ipRules6 : node.ipRules);
        if (rules !== undefined) judge(x, `${at(node)}: ${family}`, rules, wanted);
      }
    return x.conclude('rules', wanted.map(print).join(', '));
  },
};

function judge(x: Examination, where: string, rules: readonly IpRule[], wanted: readonly IpRuleExpectation[]): void {
  for (const rule of wanted)
    x.expect(
      rules.some((r) => matches(r, rule)),
      `${where} rule \`${print(rule)}\` is missing`,
    );
  const known = new Set([0xd00, 0xe00]);
  for (const rule of rules)
    if (rule.lookup === '200' && (rule.fwmark === undefined || !known.has(rule.fwmark) || rule.fwmask !== 0xf00))
      x.fault(
        `${where} rule at priority ${rule.priority} leads ${rule.fwmark === undefined ? 'every packet' : printMark({ value: rule.fwmark, mask: rule.fwmask ?? 0xffffffff })} to table 200`,
      );
}

function matches(rule: IpRule, wanted: IpRuleExpectation): boolean {
  return (
    rule.priority === wanted.priority &&
    rule.fwmark === wanted.mark.value &&
    rule.fwmask === wanted.mark.mask &&
    rule.lookup === wanted.table &&
    rule.action === 'lookup' &&
    !rule.invert
  );
}

function print(rule: IpRuleExpectation): string {
  return `${rule.priority}: from all fwmark ${printMark(rule.mark)} lookup ${rule.table}`;
}
