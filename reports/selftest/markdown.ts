import type { CellResult, SelftestReport } from '../../harness/model/selftest.ts';
import { oneLine } from '../printable.ts';
import { columnsOf } from './columns.ts';
import { OUTCOME_SIGNS, STATE_SIGNS, signOf } from './signs.ts';
import { selftestSentence } from './tally.ts';

/** `control-matrix.md`: which fault turned which check red, for the documentation. */
export function writeControlMatrix(report: SelftestReport): string {
  const { tool, startedAt, seconds, extent } = report;
  return `# The control matrix

Written by \`wirewitness selftest --publish\`: ${extent} matrix, started ${startedAt}, ${seconds.toFixed(0)} s, ${tool.name} ${tool.version}. How to
read it and run it: [selftest.md](selftest.md).

${selftestSentence(report)}

## Where each check was seen red

By the faults that name it; in brackets those of which its redness is only a consequence.

| check | red on |
|---|---|
${checkRows(report).join('\n')}

## Cells

| cell | what | | red as named | red from the same cause |
|---|---|---|---|---|
${report.results.map(cellRow).join('\n')}

## The matrix

\`\`\`
${matrixLines(report).join('\n')}
\`\`\`

${(['missed', 'false-alarm', 'caught', 'implied', 'quiet'] as const).map((sign) => `\`${OUTCOME_SIGNS[sign].symbol}\` ${OUTCOME_SIGNS[sign].word}`).join(' · ')} · blank: not applicable
`;
}

function checkRows({ checks, results }: SelftestReport): string[] {
  return checks.map((id) => {
    const faults = (outcome: string) => [
      ...new Set(
        results
          .filter((r) => r.cell.kind !== 'healthy' && r.checks.some((c) => c.id === id && c.outcome === outcome))
          .map((r) => r.cell.subject),
      ),
    ];
    const caught = faults('caught');
    const implied = faults('implied').filter((fault) => !caught.includes(fault));
    const list = [caught.join(' '), implied.length === 0 ? '' : `(${implied.join(' ')})`].filter((part) => part !== '').join(' ');
    return `| ${id} | ${list || 'never'} |`;
  });
}

function cellRow({ cell, state, checks, reason }: CellResult): string {
  const ids = (outcome: string) => checks.filter((check) => check.outcome === outcome).map(({ id }) => id);
  const wrong = [
    ...ids('missed').map((id) => `${id} missed`),
    ...ids('false-alarm').map((id) => `${id} false alarm`),
    ...(state === 'passed' ? [] : [reason]),
  ];
  const said = wrong.filter((part) => part !== '').join('; ');
  const what = said === '' ? cell.what : `${cell.what} (${said})`;
  return `| ${cell.id} | ${cellText(what)} | ${STATE_SIGNS[state].symbol} | ${ids('caught').join(' ')} | ${ids('implied').join(' ')} |`;
}

function cellText(text: string): string {
  return oneLine(text).replaceAll('|', '\\|');
}

function matrixLines(report: SelftestReport): string[] {
  const groups = columnsOf(report);
  const label = Math.max(4, ...report.results.map(({ cell }) => cell.id.length));
  const pad = (text: string, topic: string) => text.padEnd(topic.length);
  const head = (write: (id: string, topic: string) => string) =>
    groups.map(({ topic, ids }) => pad(ids.map((id) => write(id.slice(topic.length + 1), topic)).join(''), topic)).join(' ');
  const rows = report.results.map(({ cell, checks }) => {
    const byId = new Map(checks.map((check) => [check.id, check]));
    const cells = groups.map(({ topic, ids }) => pad(ids.map((id) => OUTCOME_SIGNS[signOf(byId.get(id))].symbol).join(''), topic));
    return `${cell.id.padEnd(label)}  ${cells.join(' ')}`.trimEnd();
  });
  const margin = ' '.repeat(label + 2);
  return [
    margin + groups.map(({ topic, ids }) => topic.padEnd(Math.max(ids.length, topic.length))).join(' '),
    margin + head((number) => (number.startsWith('0') ? ' ' : number.charAt(0))),
    margin + head((number) => number.slice(-1)),
    ...rows,
  ].map((line) => line.trimEnd());
}
