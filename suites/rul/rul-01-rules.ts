import type { IpRule } from '../../harness/decode/kernel/ip-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { knownFamilies } from '../../harness/judge/state/associations.ts';
import { absent, anything, differences, oneOf } from '../../harness/judge/state/differences.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { isLocalTable, printRule } from '../../harness/judge/state/rules.ts';
import { printMark } from '../../harness/stacks/marks.ts';
import type { IpRuleExpectation } from '../../harness/stacks/profile.ts';

/** The rules that send marked packets to table 200. */
export const rul01: Check = {
  id: 'RUL-01',
  must: 'The IP rules are those of the profile for each claimed IP family: marks 0xd00/0xf00 and, up to 1.18, 0xe00/0xf00 look up table 200 at priority 1, and no other rule is evaluated before them',
  modes: ['ipsec'],
  evidence: 'ip rule of every node, before and after',
  restsOnProfile: true,
  needs: ['host-shell'],
  remedy: `See them on the named node: \`ip rule list\` and \`ip -6 rule list\`. {restartAgents} adds a missing rule; find the program that added a rule for other packets to table 200, then delete the rule: \`ip rule del pref PRIORITY\`.`,
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
      rules.some((r) => ruleDifferences(r, rule).length === 0),
      `${where} rule \`${print(rule)}\` is missing`,
    );
  const last = Math.max(...wanted.map(({ priority }) => priority));
  for (const rule of rules) {
    if (wanted.some((one) => ruleDifferences(rule, one).length === 0) || isLocalTable(rule)) continue;
    if (rule.priority <= last)
      x.fault(`${where} rule \`${printRule(rule)}\` is evaluated before or with those of the profile, and is not one of them`);
    else if (rule.lookup === '200') x.fault(`${where} rule \`${printRule(rule)}\` sends other packets to table 200`);
  }
  // Every listing ends with the main and the default table (net/ipv4/fib_rules.c fib_default_rules_init).
  if (!rules.some((rule) => rule.lookup === 'main')) x.gap(`${where} rules: the listing has no rule for the main table, so it was cut off`);
}

/** The differences of a rule from the expected one, in all its fields. */
function ruleDifferences(rule: IpRule, wanted: IpRuleExpectation): readonly string[] {
  return differences(rule, {
    ...{ to: absent, iif: absent, oif: absent, extra: absent, protocol: anything },
    priority: oneOf<number>(wanted.priority),
    from: oneOf<string>('all'),
    fwmark: oneOf<number>(wanted.mark.value),
    fwmask: oneOf<number>(wanted.mark.mask),
    lookup: oneOf<string>(wanted.table),
    action: oneOf<string>('lookup'),
    invert: oneOf<boolean>(false),
  });
}

function print(rule: IpRuleExpectation): string {
  return `${rule.priority}: from all fwmark ${printMark(rule.mark)} lookup ${rule.table}`;
}
