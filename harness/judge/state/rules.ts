import type { IpRoute, IpRule } from '../../decode/kernel/ip-items.ts';

/** The kernel's own first rule: addresses of the node itself. Agents move it from 0 to 100. */
export function isLocalTable(rule: IpRule): boolean {
  const { priority: _, from, action, lookup, invert, protocol: __, ...conditions } = rule;
  const plain = Object.values(conditions).every((value) => value === undefined);
  return from === 'all' && action === 'lookup' && lookup === 'local' && !invert && plain;
}

/** A rule as iproute2 prints it, with all its conditions. */
export function printRule(rule: IpRule): string {
  const mark = rule.fwmark === undefined ? [] : [`fwmark 0x${rule.fwmark.toString(16)}/0x${(rule.fwmask ?? 0xffffffff).toString(16)}`];
  const pairs = (['to', 'iif', 'oif'] as const).flatMap((key) => (rule[key] === undefined ? [] : [`${key} ${rule[key]}`]));
  const extra = Object.entries(rule.extra ?? {}).map(([key, value]) => `${key} ${value}`);
  const action = rule.action === 'lookup' ? `lookup ${rule.lookup ?? ''}` : rule.action;
  return [`${rule.priority}:`, ...(rule.invert ? ['not'] : []), `from ${rule.from}`, ...mark, ...pairs, ...extra, action].join(' ');
}

/** Tables that every node has. */
const KERNEL_TABLES: readonly string[] = ['local', 'main', 'default', '253', '254', '255'];

/**
 * Rules that look up a table of another program, with the routes of that table.
 *
 * @param own tables of the stack
 */
export function foreignTables(
  rules: readonly IpRule[],
  routes: readonly IpRoute[],
  own: readonly string[],
): readonly (readonly [IpRule, readonly IpRoute[]])[] {
  const known = new Set([...KERNEL_TABLES, ...own]);
  return rules
    .filter((rule) => rule.action === 'lookup' && rule.lookup !== undefined && !known.has(rule.lookup))
    .map((rule) => [rule, routes.filter((route) => route.table === rule.lookup)] as const);
}
