import { DATAPATH_FAULTS } from '../clusters/datapath/faults/catalogue.ts';
import { NOT_MADE } from '../clusters/datapath/faults/not-made.ts';
import type { FaultCell, FaultStatement } from '../harness/model/cluster.ts';

const BEGIN = '<!-- faults: written by npm run docs -->';
const END = '<!-- /faults -->';

/** The page with the tables of faults between its two markers. @throws when a marker is missing */
export function withFaultsTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks ${BEGIN} or ${END}`);
  const made = ['| id | what is wrong | moment | where: must be red | why these |', '|---|---|---|---|---|', ...DATAPATH_FAULTS.map(row)];
  const absent = ['| for | what | why not |', '|---|---|---|', ...NOT_MADE.map(({ id, what, reason }) => line([id, what, reason]))];
  return `${page.slice(0, begin)}${BEGIN}\n${made.join('\n')}\n\n## Not made\n\n${absent.join('\n')}\n${page.slice(end)}`;
}

function row({ id, what, when, scenario, cells, why }: FaultStatement): string {
  const moment = scenario === 'steady' ? when : `${when} (${scenario})`;
  return line([id, what, moment, cells.map((cell) => `${placeOf(cell)}: ${cell.reddens.join(' ')}`).join('<br>'), why]);
}

function placeOf({ mode, routings, profiles, families, nodeEncryption }: FaultCell): string {
  const more = [routings?.join('/'), profiles?.join('/'), families?.join('+'), nodeEncryption === true ? 'node encryption' : undefined];
  return [mode, ...more.filter((part) => part !== undefined)].join(' ');
}

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
