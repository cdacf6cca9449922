import { catalogue } from '../suites/catalogue.ts';

/** The catalogue as a table of docs/checks.md. */
export function checksTable(): string {
  const rows = catalogue.map(({ id, modes, title, evidence, controls }) => {
    const cells = [id, modes.join(', '), title, evidence, controls.join(', ')];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| id | mode | must hold | evidence | turned red by |', '|---|---|---|---|---|', ...rows].join('\n');
}
