import type { IpRule } from '../../harness/decode/kernel/ip-items.ts';
import { knownFamilies } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { ipsecCheck } from '../../harness/judge/state/state-check.ts';
import { printMark } from '../../harness/stacks/cilium/profiles/marks.ts';
import type { IpRuleExpectation } from '../../harness/stacks/cilium/profiles/profile.ts';

/** The rules that lead marked packets to table 200. */
export const rul01 = ipsecCheck(
  {
    id: 'RUL-01',
    title: '`ip rule` by profile: marks 0xd00/0xf00 and, up to 1.18, 0xe00/0xf00 look up table 200 at priority 1; IPv6 too',
    evidence: 'ip rule of every node, before and after',
    controls: ['L14'],
  },
  (x, ipsec) => {
    const wanted = ipsec.ipRules.value;
    const families = knownFamilies(x, ipsec);
    for (const node of x.nodes('before', 'after'))
      for (const family of families) {
        const rules = x.use(family === 'ipv6' ? node.ipRules6 : node.ipRules);
        if (rules !== undefined) judge(x, `${at(node)}: ${family}`, rules, wanted);
      }
    return x.conclude(wanted.map(print).join(', '), 'rules');
  },
);

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
