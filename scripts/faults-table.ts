import { cellWords } from '../clusters/datapath/faults/cells.ts';
import { NOT_MADE } from '../clusters/datapath/faults/not-made.ts';
import { FAULTS } from '../clusters/faults.ts';
import type { FaultStatement } from '../harness/model/cluster.ts';

/** The catalogue of faults as the tables of docs/faults.md. */
export function faultsTables(): string {
  const made = ['| id | what is wrong | moment | where: must be red | why these |', '|---|---|---|---|---|', ...FAULTS.map(row)];
  const absent = ['| for | what | why not |', '|---|---|---|', ...NOT_MADE.map(({ id, what, reason }) => line([id, what, reason]))];
  return `${made.join('\n')}\n\n## Not made\n\n${absent.join('\n')}`;
}

function row({ id, what, when, scenario, cells, why }: FaultStatement): string {
  const moment = scenario === 'steady' ? when : `${when} (${scenario})`;
  return line([id, what, moment, cells.map((cell) => `${cellWords(cell)}: ${cell.reddens.join(' ')}`).join('<br>'), why]);
}

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
