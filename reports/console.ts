import { styleText } from 'node:util';
import type { Report } from '../harness/model/report.ts';
import type { Finding, Verdict } from '../harness/model/verdict.ts';
import { advisorySentence } from './advisories.ts';
import { type SquareState, squareState } from './flow-matrix.ts';
import { type PathMatrix, pathMatrices } from './path-matrices.ts';
import { oneLine } from './printable.ts';
import { effectiveVerdict, modeName, stackName, verdictSentence } from './summary.ts';
import { SQUARE_SIGNS, VERDICT_SIGNS } from './symbols.ts';
import { tallyOf } from './tally.ts';
import { topicsOf } from './topics.ts';
import { type AppliedWaivers, NO_WAIVERS } from './waivers/apply-waivers.ts';
import { waiverSubject } from './waivers/waiver.ts';
import { brief, cut, wrap } from './wrap.ts';

export interface ConsoleOptions {
  readonly color: boolean;
  /** Columns of the terminal; lines are wrapped or cut to it, at least 40. */
  readonly width: number;
  /** Path of the HTML report. */
  readonly reportPath: string;
  /** Print every fact of red checks, not two lines of each. */
  readonly verbose?: boolean;
  readonly waivers?: AppliedWaivers;
}

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const STYLES: Readonly<Record<Verdict | SquareState, Style>> = {
  supports: 'green',
  contradicts: 'red',
  inconclusive: 'yellow',
  'not-exercised': 'gray',
  'not-applicable': 'gray',
  encrypted: 'green',
  mixed: 'cyan',
  'clear-by-design': 'cyan',
  dropped: 'blue',
  untested: 'gray',
};

/**
 * The result of a run on one screen: the verdict sentence, each check that does not support (its reason on two lines at most), the ids of
 * the others, the flow matrix with sources as rows, and the path of the report. Control characters in names are printed visibly, so that a
 * name cannot control the terminal.
 */
export function writeConsole(report: Report, options: ConsoleOptions): string {
  const width = Math.max(40, options.width);
  const paint: Paint = (style, text) => (options.color ? styleText(style, text, { validateStream: false }) : text);
  const verdict = effectiveVerdict(report);
  const headline = wrap(`${VERDICT_SIGNS[verdict].symbol} ${oneLine(verdictSentence(report))}`, width, '  ');
  const lines = [
    paint('dim', cut(oneLine(heading(report)), width)),
    ...headline.map((line) => paint(STYLES[verdict], line)),
    '',
    ...checkLines(report, width, paint, options.verbose ?? false),
    '',
    ...matrixLines(report, width, paint),
    '',
    ...waiverRows(options.waivers ?? NO_WAIVERS, width, paint),
    ...advisoryLine(report, width, paint),
    `Report  ${oneLine(options.reportPath)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Every fact and note of a finding, wrapped. */
function allOf({ facts, omitted, notes }: Finding, width: number): string[] {
  const rest = omitted > 0 ? [`and ${omitted} more, counted and not named`] : [];
  return [...facts.map(({ text }) => text), ...rest, ...notes].flatMap((text) => wrap(oneLine(text), width, '  '));
}

/** The exceptions, each on a line with its state, and the number of red results without an exception. */
function waiverRows({ waivers, open }: AppliedWaivers, width: number, paint: Paint): string[] {
  if (waivers.length === 0) return [];
  const rest =
    open.length === 0 ? 'everything red has one in force' : `${open.length} red ${open.length === 1 ? 'thing has' : 'things have'} none`;
  return [
    paint('bold', `Exceptions  ${rest}`),
    ...waivers.map(({ waiver, state }) =>
      cut(oneLine(`  ${state} ${waiverSubject(waiver)}: ${waiver.owner}, until ${waiver.expires}`), width),
    ),
    '',
  ];
}

/** Published leaks in one line. It is a warning at most, so it does not have the colour of a verdict. */
function advisoryLine(report: Report, width: number, paint: Paint): string[] {
  const sentence = advisorySentence(report);
  return sentence === null ? [] : [paint('dim', cut(oneLine(sentence), width))];
}

function heading(report: Report): string {
  const { run, tool, intent, environment } = report;
  return `wirewitness ${tool.version} · run ${run.id} · ${run.scenario} · ${environment.class} · ${modeName(intent.mode)} over ${intent.routing} · ${stackName(intent)} · ${run.endedAt.utc.slice(0, 10)}`;
}

function checkLines(report: Report, width: number, paint: Paint, verbose: boolean): string[] {
  const counts = tallyOf(report).verdicts;
  const tally = (Object.keys(VERDICT_SIGNS) as Verdict[])
    .filter((key) => counts[key] > 0)
    .map((key) => `${counts[key]} ${VERDICT_SIGNS[key].word}`);
  const lines = [paint('bold', `Checks  ${tally.join(' · ') || 'none was judged'}`)];
  for (const topic of topicsOf(report)) {
    const quiet = (verdict: Verdict) => topic.rows.filter((row) => row.finding.verdict === verdict).map((row) => oneLine(row.finding.id));
    for (const row of topic.rows) {
      const { id, verdict } = row.finding;
      if (verdict !== 'contradicts' && verdict !== 'inconclusive') continue;
      const label = `${VERDICT_SIGNS[verdict].symbol} ${oneLine(id)} ${VERDICT_SIGNS[verdict].word}`;
      const [first = '', ...more] = verbose ? allOf(row.finding, width - 25) : brief(row.finding, width - 25);
      lines.push(`${paint(STYLES[verdict], label.padEnd(24))} ${first}`, ...more.map((line) => `${' '.repeat(25)}${line}`));
    }
    for (const verdict of ['supports', 'not-exercised', 'not-applicable'] as const) {
      const ids = quiet(verdict);
      if (ids.length === 0) continue;
      const label = `${VERDICT_SIGNS[verdict].symbol} ${topic.id} ${VERDICT_SIGNS[verdict].word}`;
      const [first = '', ...more] = wrap(ids.join(' '), width - 27, '');
      lines.push(`${paint(STYLES[verdict], label.padEnd(24))} ${first}`, ...more.map((line) => `${' '.repeat(25)}${line}`));
    }
  }
  return lines;
}

function matrixLines(report: Report, width: number, paint: Paint): string[] {
  const [first, ...others] = pathMatrices(report);
  if (first === undefined) return [paint('bold', 'Flows  none was judged')];
  const { matrix } = first;
  const kinds = matrix.kinds.map((kind) => `${kind.protocol}/${kind.family === 'ipv4' ? '4' : '6'}`).join(' ');
  const lines = [paint('bold', cut(`${first.title}  from ↓ to →, each cell: ${oneLine(kinds)}`, width))];
  const rowWidth = Math.min(20, Math.max(...matrix.sources.map((name) => oneLine(name).length)));
  const columns = matrix.destinations.map((name) => Math.max(matrix.kinds.length, Math.min(16, oneLine(name).length)));
  const fits = columns.filter(
    (_, index) => rowWidth + columns.slice(0, index + 1).reduce((sum, column) => sum + column + 2, 2) <= width,
  ).length;
  const header = matrix.destinations.slice(0, fits).map((name, index) => cut(oneLine(name), columns[index]!).padEnd(columns[index]!));
  lines.push(`  ${' '.repeat(rowWidth)}  ${header.join('  ')}`.trimEnd());
  const used = new Set<SquareState>();
  matrix.cells.forEach((row, index) => {
    const cells = row.slice(0, fits).map((cell, column) => {
      const pad = ' '.repeat(columns[column]! - cell.squares.length);
      return cell.squares.map((square) => paint(STYLES[square.state], SQUARE_SIGNS[square.state].symbol)).join('') + pad;
    });
    for (const cell of row) for (const square of cell.squares) used.add(square.state);
    lines.push(`  ${cut(oneLine(matrix.sources[index]!), rowWidth).padEnd(rowWidth)}  ${cells.join('  ')}`.trimEnd());
  });
  if (fits < matrix.destinations.length) lines.push(`  … ${matrix.destinations.length - fits} more destinations: see the report`);
  for (const other of others) lines.push(`  ${pathLine(other, paint, used)}`);
  const legend = (Object.keys(SQUARE_SIGNS) as SquareState[]).filter((state) => used.has(state));
  const text = legend.map((state) => `${SQUARE_SIGNS[state].symbol} ${SQUARE_SIGNS[state].word}`).join('   ');
  lines.push(...wrap(text, width - 2, '').map((line) => paint('dim', `  ${line}`)));
  return lines;
}

/** The flows of one kind of path on a line: how many of them are in which state. */
function pathLine({ title, matrix }: PathMatrix, paint: Paint, used: Set<SquareState>): string {
  const flows = matrix.cells.flat(2).flatMap((cell) => cell.squares.flatMap((square) => square.flows));
  const states = Map.groupBy(flows, (flow) => squareState([flow]));
  for (const state of states.keys()) used.add(state);
  const parts = (Object.keys(SQUARE_SIGNS) as SquareState[])
    .filter((state) => states.has(state))
    .map((state) => paint(STYLES[state], `${SQUARE_SIGNS[state].symbol} ${states.get(state)!.length}`));
  return `${title.padEnd(15)} ${parts.join('  ')}`;
}
