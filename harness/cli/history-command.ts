import { readFile } from 'node:fs/promises';
import type { ChainedEntry, RunSummary } from '../../reports/history/entry.ts';
import { HistoryError } from '../../reports/history/history-error.ts';
import { sharedKeyLines, sharedKeys } from '../../reports/history/shared-keys.ts';
import { type HistorySeries, trendOf } from '../../reports/history/trend.ts';
import { keyIdOf, loadSigningKey, publicKeyOf, type SigningKey } from '../../reports/pack/sign/signing-key.ts';
import { oneLine, printableJson } from '../../reports/printable.ts';
import { VERDICT_SIGNS } from '../../reports/symbols.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { handOverHistory } from '../run/history/append-history.ts';
import { readHistory } from '../run/history/history-file.ts';
import { positiveNumber } from './positive-number.ts';

export interface HistoryFlags {
  /** Private keys: from the next line on, `nextKey` signs in place of `signWith`. */
  readonly signWith?: string;
  readonly nextKey?: string;
  readonly key?: readonly string[];
  readonly head?: string;
  readonly everyHours?: string;
  readonly json?: boolean;
}

/** `wirewitness history`: check the chain, then print trend, gaps and drift. Exit code 0 for a valid history, 1 for an invalid one. */
export async function historyCommand(folder: string, flags: HistoryFlags): Promise<number> {
  const { key = [], head, everyHours, json = false, signWith, nextKey } = flags;
  if (signWith !== undefined || nextKey !== undefined) return handOver(folder, signWith, nextKey);
  const every = everyHours === undefined ? undefined : positiveNumber('--every-hours', everyHours);
  const trusted = key.length === 0 ? null : new Set(await Promise.all(key.map(publicKeyId)));
  let chain: ChainedEntry[];
  try {
    chain = await readHistory(folder, trusted);
    if (chain.length === 0) throw ExitError.usage(`${folder}: contains no history (\`run --history ${folder}\` begins one)`);
    if (head !== undefined && !chain.some(({ digest }) => digest === head))
      throw new HistoryError(chain.length, `is the last; the line ${head} that must be there is not: lines were removed`);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    process.stdout.write(
      json
        ? `${printableJson({ folder, verified: false, line: error.line, reason: error.message })}\n`
        : `refused: ${oneLine(folder)}\n  ${error.message}\n`,
    );
    return EXIT.contradicts;
  }
  const summaries = chain.flatMap(({ entry }): RunSummary[] => (entry.kind === 'run' ? [entry.summary] : []));
  const series = trendOf(summaries, every);
  const keys = sharedKeys(summaries.map((summary) => ({ cluster: summary.cluster, summary })));
  const signers = [...new Set(chain.map(({ keyId: id }) => id))];
  const last = chain.at(-1)!.digest;
  if (json)
    process.stdout.write(
      `${printableJson({ folder, verified: true, signerChecked: trusted !== null, signers, head: last, entries: chain.map(({ entry }) => entry), series, keys })}\n`,
    );
  else
    process.stdout.write(
      `${[headLine(folder, chain, trusted !== null), ...series.flatMap(seriesLines), '', ...sharedKeyLines(keys), `head ${last}`].join('\n')}\n`,
    );
  return EXIT.supports;
}

async function handOver(folder: string, signWith: string | undefined, nextKey: string | undefined): Promise<number> {
  if (signWith === undefined || nextKey === undefined)
    throw ExitError.usage(
      '--sign-with and --next-key: both are needed, the private key that signed so far and the one that signs from now on',
    );
  const place = await handOverHistory(folder, await privateKey('--sign-with', signWith), await privateKey('--next-key', nextKey));
  process.stdout.write(`handed over: ${oneLine(place)}\n`);
  return EXIT.supports;
}

async function privateKey(option: string, path: string): Promise<SigningKey> {
  try {
    return await loadSigningKey(path);
  } catch (error) {
    throw ExitError.usage(`${option} ${(error as Error).message}`);
  }
}

function headLine(folder: string, chain: readonly ChainedEntry[], checked: boolean): string {
  const removed = chain.reduce((sum, { entry }) => sum + (entry.kind === 'retention' ? entry.removed : 0), 0);
  const runs = chain.filter(({ entry }) => entry.kind === 'run').length;
  const who = checked ? 'signed by the given keys' : 'signers not checked (give --key)';
  return `${oneLine(folder)}: ${runs} runs, every line signed and chained; ${who}${removed > 0 ? `; ${removed} older ones were removed by retention` : ''}${begun(chain)}`;
}

function begun([first]: readonly ChainedEntry[]): string {
  const gone = first?.entry.kind === 'run' ? first.entry.insteadOf : undefined;
  return gone === undefined ? '' : `; begun anew: an earlier history of this folder, with the head ${gone}, was gone`;
}

function seriesLines({ name, points, gaps, drift, sampled }: HistorySeries): string[] {
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
    ...(sampled === undefined
      ? []
      : [
          `  sample ${sampled.seed}: ${sampled.driven} of ${sampled.rounds} rounds driven, ${sampled.proven} of ${sampled.population} ordered pairs of nodes proven in one of them`,
        ]),
  ];
}

/** The id of a public key in a file. @throws ExitError (usage) naming the flag */
export async function publicKeyId(path: string): Promise<string> {
  try {
    return keyIdOf(publicKeyOf(await readFile(path, 'utf8'), path));
  } catch (error) {
    throw ExitError.usage(`--key ${(error as Error).message}`);
  }
}
