import { controlsOf, wordedCheck } from '../harness/judge/report.ts';
import { controlRecord } from '../harness/run/control-record.ts';
import { DEFAULT_WORDS } from '../harness/stacks/stack-of.ts';
import { catalogue } from '../suites/catalogue.ts';

/** The catalogue as a table of docs/checks.md. */
export function checksTable(): string {
  const rows = catalogue.map((check) => {
    const { id, modes, scenarios, must, evidence, needs } = wordedCheck(check, DEFAULT_WORDS);
    const controls = controlsOf(check, controlRecord).join(', ') || `unit tests: ${controlRecord.whyNone(id)}`;
    return row(id, [...modes, ...(scenarios ?? [])].join(', '), must, evidence, needs.join(', '), controls);
  });
  return ['| id | mode, scenario | must hold | evidence | needs | turned red by |', '|---|---|---|---|---|---|', ...rows].join('\n');
}

/** What to do about each check, as a table of docs/checks.md. */
export function remediesTable(): string {
  return [
    '| id | when it is red |',
    '|---|---|',
    ...catalogue.map((check) => row(check.id, wordedCheck(check, DEFAULT_WORDS).remedy)),
  ].join('\n');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
