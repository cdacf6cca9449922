import { readFile } from 'node:fs/promises';
import type { ChainedEntry, RunSummary } from '../../reports/history/entry.ts';
import { HistoryError } from '../../reports/history/history-error.ts';
import { type HistorySeries, trendOf } from '../../reports/history/trend.ts';
import { keyIdOf, publicKeyOf } from '../../reports/pack/sign/signing-key.ts';
import { oneLine } from '../../reports/printable.ts';
import { VERDICT_SIGNS } from '../../reports/symbols.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { readHistory } from '../run/history/history-file.ts';
import { positiveNumber } from './positive-number.ts';

export interface HistoryFlags {
  readonly key?: readonly string[];
  readonly head?: string;
  readonly everyHours?: string;
  readonly json?: boolean;
}

/** `wirewitness history`: check the chain, then trend, gaps and drift. 0 for a history that holds, 1 for one that does not. */
export async function historyCommand(folder: string, { key = [], head, everyHours, json = false }: HistoryFlags): Promise<number> {
  const every = everyHours === undefined ? undefined : positiveNumber('--every-hours', everyHours);
  const trusted = key.length === 0 ? null : new Set(await Promise.all(key.map(keyId)));
  let chain: ChainedEntry[];
  try {
    chain = await readHistory(folder, trusted);
    if (chain.length === 0) throw ExitError.usage(`${folder}: holds no history (\`run --history ${folder}\` begins one)`);
    if (head !== undefined && !chain.some(({ digest }) => digest === head))
      throw new HistoryError(chain.length, `is the last; the line ${head} that must be there is not: lines were removed`);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    process.stdout.write(
      json
        ? `${JSON.stringify({ folder, verified: false, line: error.line, reason: error.message }, null, 2)}\n`
        : `refused: ${folder}\n  ${error.message}\n`,
    );
    return EXIT.contradicts;
  }
  const series = trendOf(
    chain.flatMap(({ entry }): RunSummary[] => (entry.kind === 'run' ? [entry.summary] : [])),
    every,
  );
  const signers = [...new Set(chain.map(({ keyId: id }) => id))];
  const last = chain.at(-1)!.digest;
  if (json)
    process.stdout.write(
      `${JSON.stringify({ folder, verified: true, signerChecked: trusted !== null, signers, head: last, entries: chain.map(({ entry }) => entry), series }, null, 2)}\n`,
    );
  else process.stdout.write(`${[headLine(folder, chain, trusted !== null), ...series.flatMap(seriesLines), `head ${last}`].join('\n')}\n`);
  return EXIT.supports;
}

function headLine(folder: string, chain: readonly ChainedEntry[], checked: boolean): string {
  const removed = chain.reduce((sum, { entry }) => sum + (entry.kind === 'retention' ? entry.removed : 0), 0);
  const runs = chain.filter(({ entry }) => entry.kind === 'run').length;
  const who = checked ? 'signed by the given keys' : 'signers not checked (give --key)';
  return `${folder}: ${runs} runs, every line signed and chained; ${who}${removed > 0 ? `; ${removed} older ones were removed by retention` : ''}`;
}

function seriesLines({ name, points, gaps, drift }: HistorySeries): string[] {
  return [
    `\n${oneLine(name)}`,
    ...points.map(
      ({ run, recordedAt, verdict, supporting, exercised }) =>
        `  ${recordedAt}  ${VERDICT_SIGNS[verdict].symbol} ${VERDICT_SIGNS[verdict].word.padEnd(12)} ${supporting} of ${exercised}  ${oneLine(run)}`,
    ),
    ...gaps.map(({ from, to, hours }) => `  gap: no run for ${hours.toFixed(1)} h between ${from} and ${to}`),
    ...drift.map(
      ({ recordedAt, added, removed }) =>
        `  cryptography changed by ${recordedAt}: ${[...added.map((line) => `+ ${line}`), ...removed.map((line) => `- ${line}`)].map(oneLine).join('; ')}`,
    ),
  ];
}

async function keyId(path: string): Promise<string> {
  try {
    return keyIdOf(publicKeyOf(await readFile(path, 'utf8'), path));
  } catch (error) {
    throw ExitError.usage(`--key ${(error as Error).message}`);
  }
}
