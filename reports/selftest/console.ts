import { styleText } from 'node:util';
import type { CellResult, SelftestReport } from '../../harness/model/selftest.ts';
import { oneLine } from '../printable.ts';
import { cut, wrap } from '../wrap.ts';
import { type ColumnGroup, columnsOf } from './columns.ts';
import { type CellSign, OUTCOME_SIGNS, STATE_SIGNS, signOf } from './signs.ts';
import { selftestSentence } from './tally.ts';

export interface SelftestConsoleOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Path of the HTML report. */
  readonly reportPath: string;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const STYLES: Readonly<Record<CellSign, Style>> = {
  missed: 'red',
  'false-alarm': 'red',
  caught: 'green',
  implied: 'cyan',
  quiet: 'gray',
  blank: 'gray',
};
const STATE_STYLES = { passed: 'green', failed: 'red', broken: 'yellow', absent: 'gray' } as const;
const LABEL_MOST = 38;

/** The matrix for a terminal: a row for each cell, a character for each check; below it what went wrong and why, then the summary. */
export function writeSelftestConsole(report: SelftestReport, options: SelftestConsoleOptions): string {
  const paint: Paint = (style, text) => (options.color ? styleText(style, text, { validateStream: false }) : text);
  const groups = columnsOf(report);
  const label = Math.min(LABEL_MOST, Math.max(4, ...report.results.map(({ cell }) => cell.id.length)));
  const lines = [
    ...header(groups, label).map((line) => paint('dim', line)),
    ...report.results.map((result) => row(result, groups, label, paint)),
    '',
    ...legend(report)
      .flatMap((line) => wrap(line, options.width, ''))
      .map((line) => paint('dim', line)),
    ...wrongLines(report, Math.max(40, options.width), paint),
    '',
    ...wrap(selftestSentence(report), options.width, ''),
    ...attackLines(report).flatMap((line) => wrap(line, options.width, '')),
    `Report  ${oneLine(options.reportPath)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The result of the edited recordings, and which were not detected. */
function attackLines({ attacks }: SelftestReport): string[] {
  if (attacks === undefined) return [];
  const { judged, wrong } = attacks;
  return [
    `Attacks  ${judged} edited recordings: ${judged - wrong.length} seen, ${wrong.length} not as stated`,
    ...wrong.map(({ id, what, verdict, missed }) =>
      oneLine(`  ${id}: ${verdict === 'supports' ? 'BELIEVED' : `missed by ${missed.join(' ')}`}: ${what}`),
    ),
  ];
}

/** Topics, then the tens and the units of the checks' numbers. */
function header(groups: readonly ColumnGroup[], label: number): string[] {
  const margin = ' '.repeat(label + 9);
  const digit = (place: (number: string) => string) =>
    groups
      .map(({ topic, ids }) =>
        ids
          .map((id) => place(id.slice(topic.length + 1)))
          .join('')
          .padEnd(topic.length),
      )
      .join(' ');
  return [
    margin + groups.map(({ topic, ids }) => topic.padEnd(Math.max(ids.length, topic.length))).join(' '),
    margin + digit((number) => (number.startsWith('1') || number.startsWith('2') ? number.charAt(0) : ' ')),
    margin + digit((number) => number.slice(-1)),
  ];
}

function row({ cell, state, checks, seconds }: CellResult, groups: readonly ColumnGroup[], label: number, paint: Paint): string {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const cells = groups.map(({ topic, ids }) => {
    const signs = ids.map((id) => signOf(byId.get(id)));
    return (
      signs.map((sign) => paint(STYLES[sign], OUTCOME_SIGNS[sign].symbol)).join('') + ' '.repeat(Math.max(0, topic.length - ids.length))
    );
  });
  const time = `${seconds.toFixed(0).padStart(4)} s`;
  return `${cut(oneLine(cell.id), label).padEnd(label)} ${paint(STATE_STYLES[state], STATE_SIGNS[state].symbol)}${time} ${cells.join(' ')}`.trimEnd();
}

function legend(report: SelftestReport): string[] {
  const used = new Set(report.results.flatMap(({ checks }) => checks.map(signOf)));
  const shown = (Object.keys(OUTCOME_SIGNS) as CellSign[]).filter((sign) => sign !== 'blank' && used.has(sign));
  return shown.length === 0 ? [] : [shown.map((sign) => `${OUTCOME_SIGNS[sign].symbol} ${OUTCOME_SIGNS[sign].word}`).join('   ')];
}

/** For each cell that is not as stated: what was missed or falsely alarmed, with the judge's reason. */
function wrongLines({ results }: SelftestReport, width: number, paint: Paint): string[] {
  return results.flatMap(({ cell, state, checks, reason, rebooted }) => {
    const outcomes = checks
      .filter(({ outcome }) => outcome === 'missed' || outcome === 'false-alarm')
      .map((check) => `${OUTCOME_SIGNS[check.outcome].symbol} ${check.id} ${check.verdict ?? 'unknown'}: ${oneLine(check.reason)}`);
    const notes = [reason, rebooted === '' ? '' : `the lab was booted again: ${rebooted}`].filter((note) => note !== '').map(oneLine);
    if (outcomes.length + notes.length === 0) return [];
    const title = `${STATE_SIGNS[state].symbol} ${oneLine(cell.id)}: ${STATE_SIGNS[state].word}; ${oneLine(cell.what)}`;
    return [
      '',
      paint(STATE_STYLES[state], cut(title, width)),
      ...[...outcomes, ...notes].flatMap((line) => wrap(`  ${cut(line, 4 * width)}`, width, '    ')),
    ];
  });
}
