import { FAULTS } from '../clusters/faults.ts';
import { controlRun } from '../harness/judge/controls/seen-red.ts';
import type { Advisory } from '../harness/model/advisory.ts';
import { ENCRYPTING_MODES } from '../harness/model/mode.ts';
import { loadAdvisories } from '../harness/run/advisories/load-advisories.ts';

/** Read once: the writers of generated files are synchronous. */
const ADVISORIES = await loadAdvisories();

/** Published leaks as the table of docs/advisories.md, with the result of the control run on record for each. */
export function advisoriesTable(): string {
  const rows = ADVISORIES.map((advisory) => ({ advisory, shown: shownBy(advisory) }));
  const caught = rows.filter(({ shown }) => shown.by.length > 0);
  const told = caught.filter(({ shown }) => shown.by.every(isFalseAnswer)).length;
  const imitated = rows.filter(({ advisory }) => advisory.faults.length > 0).length;
  const cells = rows.map(({ advisory, shown }) => {
    const { id, component, title, checks, observable, links } = advisory;
    const link = links[0] === undefined ? id : `[${id}](${links[0]})`;
    return line([link, component, title, observable, checks.join(' '), shown.words]);
  });
  return [
    `Caught: ${caught.length} of ${rows.length}, ${told} of them by false answers only: the answers to the recorder were changed, not what a kernel did.`,
    `The lab can imitate ${imitated} of them; the others stand below with the reason, and do not count.`,
    '',
    '| advisory | of | what leaks, or is weak | what shows it | checks | caught by |',
    '|---|---|---|---|---|---|',
    ...cells,
  ].join('\n');
}

/** The faults that imitate it and turned one of its checks red, in a mode that it affects, in the control run on record. */
function shownBy({ faults, notImitated, checks, conditions }: Advisory): { readonly by: readonly string[]; readonly words: string } {
  if (faults.length === 0) return { by: [], words: `not caught: ${notImitated}` };
  const modes: readonly string[] = conditions.modes ?? ENCRYPTING_MODES;
  const seen = controlRun.seen.filter(({ fault, check, mode }) => faults.includes(fault) && checks.includes(check) && modes.includes(mode));
  if (seen.length === 0) return { by: [], words: `not caught: ${faults.join(', ')} is not on record as run in its mode` };
  const byFault = Map.groupBy(seen, ({ fault }) => fault);
  const words = [...byFault].map(([fault, all]) => {
    const [{ mode, profile, routing } = seen[0]!] = all;
    const how = isFalseAnswer(fault) ? ' (false answers)' : '';
    return `${fault}${how}: ${[...new Set(all.map(({ check }) => check))].join(' ')} red (${mode} ${profile} ${routing})`;
  });
  return { by: [...byFault.keys()], words: words.join('; ') };
}

/** Whether a fault changes the output that the recorder gets instead of what a kernel does. */
function isFalseAnswer(id: string): boolean {
  return FAULTS.find((fault) => fault.id === id)?.when === 'false-answers';
}

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
