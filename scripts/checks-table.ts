import { catalogue } from '../harness/judge/catalogue.ts';
import type { CheckStatement } from '../harness/model/report.ts';

const BEGIN = '<!-- checks: written by npm run docs -->';
const END = '<!-- /checks -->';

/** The page with the catalogue's table between its two markers. @throws when a marker is missing */
export function withChecksTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks ${BEGIN} or ${END}`);
  const rows = catalogue.map(row);
  const table = ['| id | mode | must hold | evidence | turned red by |', '|---|---|---|---|---|', ...rows];
  return `${page.slice(0, begin)}${BEGIN}\n${table.join('\n')}\n${page.slice(end)}`;
}

function row({ id, modes, title, evidence, controls }: CheckStatement): string {
  return `| ${[id, modes.join(', '), title, evidence, controls.join(', ')].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
