import type { Advisory } from '../model/advisory.ts';
import { appendHistory, ownHistory } from '../run/history/append-history.ts';
import { readHistory } from '../run/history/history-file.ts';
import type { ModeOutcome } from '../run/mode-outcome.ts';
import { type KeyFile, signingKeyFile } from '../run/pack/signing-key-file.ts';
import type { ReportsWriter } from '../run/reports-writer.ts';
import { announceKey, type PackFlags, pack, packLine } from './pack-command.ts';
import { positiveNumber } from './positive-number.ts';

/** What a run does with its reports in addition to printing them. */
export interface HandOverFlags extends PackFlags {
  readonly pack?: boolean;
  readonly history?: string;
  readonly keepDays?: string;
}

/** Called with the judged outcomes. */
export type HandOver = (outcomes: readonly ModeOutcome[]) => Promise<void>;

/**
 * Find or make the key and check the history before the run starts, so that a run of minutes does not fail at its end because of them.
 * @param reports how the reports of a pack are written
 * @param advisories what a packed recording is checked against
 * @throws ExitError (usage) for a key or a number that cannot be used; HistoryError for a history that was changed
 */
export async function prepareHandOver(flags: HandOverFlags, reports: ReportsWriter, advisories: readonly Advisory[]): Promise<HandOver> {
  if (flags.pack !== true && flags.history === undefined) return async () => undefined;
  const keepDays = flags.keepDays === undefined ? undefined : positiveNumber('--keep-days', flags.keepDays);
  if (flags.history !== undefined) await readHistory(flags.history);
  const file = await signingKeyFile(flags.key);
  announceKey(file);
  if (flags.history !== undefined) await ownHistory(flags.history, file.key);
  const packed = (folder: string) => pack(folder, file.key, { reports, advisories }, flags);
  return (outcomes) => handOver(outcomes, flags, packed, file, keepDays);
}

async function handOver(
  outcomes: readonly ModeOutcome[],
  flags: HandOverFlags,
  packOf: (folder: string) => ReturnType<typeof pack>,
  { key }: KeyFile,
  keepDays: number | undefined,
): Promise<void> {
  for (const { folder, report } of outcomes) {
    const packed = flags.pack === true ? await packOf(folder) : null;
    if (packed !== null) process.stderr.write(packLine(packed, key));
    if (flags.history === undefined) continue;
    const place = await appendHistory(flags.history, report, key, { pack: packed?.sha256 ?? null, keepDays });
    process.stderr.write(`History  ${place}\n`);
  }
}
