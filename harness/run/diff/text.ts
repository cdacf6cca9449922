import type { CbomDiff } from '../../../reports/cbom/diff-cbom.ts';
import type { Comparison, Difference, Effect } from './difference.ts';

const TITLES: Readonly<Record<Effect, string>> = {
  worse: 'Worse, or changed',
  unclear: 'Shown before, not shown now',
  better: 'Better',
  other: 'Other changes',
};
/** The most differences of one kind that are listed; the others are counted. */
const LISTED = 40;

/** A comparison as text. */
export function diffText({ baseline, current, differences, inventory, same }: Comparison): string {
  const lines = [
    `baseline ${baseline.run} · profile ${baseline.profile} · ${baseline.verdict}`,
    `current  ${current.run} · profile ${current.profile} · ${current.verdict}`,
    `the same: ${same.checks} check(s), ${same.flows} flow(s); different: ${differences.length}`,
  ];
  for (const effect of ['worse', 'unclear', 'better', 'other'] as const) {
    const own = differences.filter((difference) => difference.effect === effect);
    if (own.length === 0) continue;
    lines.push('', `${TITLES[effect]}: ${own.length}`, ...own.slice(0, LISTED).map(line));
    if (own.length > LISTED) lines.push(`  and ${own.length - LISTED} more`);
  }
  if (inventory !== null) lines.push(...inventoryLines(inventory));
  return `${lines.join('\n')}\n`;
}

/** Keys and addresses change with every cluster: they are listed separately from judged differences. */
function inventoryLines({ added, removed, changed }: CbomDiff): string[] {
  const all = [
    ...removed.map((name) => `  - ${name}`),
    ...added.map((name) => `  + ${name}`),
    ...changed.map(({ name, field, from, to }) => `  ~ ${name}: ${field} ${from} -> ${to}`),
  ];
  if (all.length === 0) return [];
  const more = all.length > LISTED ? [`  and ${all.length - LISTED} more`] : [];
  return [
    '',
    `Inventory of cryptography (no judgement): ${all.length}`,
    ...all.slice(0, LISTED).map((text) => text.slice(0, 200)),
    ...more,
  ];
}

function line({ what, name, before, after, reason }: Difference): string {
  return `  ${what} ${name}: ${before} -> ${after}${reason === '' ? '' : ` (${reason.slice(0, 200)})`}`;
}
