import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chainLine, retentionLine } from '../../../reports/history/chain.ts';
import type { ChainedEntry } from '../../../reports/history/entry.ts';
import { summaryOf } from '../../../reports/history/summary-of.ts';
import type { SigningKey } from '../../../reports/pack/sign/signing-key.ts';
import type { Report } from '../../model/report.ts';
import { ExitError } from '../exit-error.ts';
import { HISTORY_FILE, readHistory } from './history-file.ts';

export interface AppendOptions {
  /** SHA-256 of the run's pack, or null. */
  readonly pack: string | null;
  /** Whole days for which lines are kept, counted back from the newest run; undefined for ever. */
  readonly keepDays?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Append a run to the history of a folder. The whole chain is checked first: nothing is added to one that was changed. Two
 * writers can't be at it at once: the second is refused.
 * @returns the file and the digest of the new line, by which a later loss of lines can be found out
 * @throws HistoryError; ExitError (usage) while another writer is at it
 */
export async function appendHistory(folder: string, report: Report, key: SigningKey, { pack, keepDays }: AppendOptions): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, HISTORY_FILE);
  const lock = `${path}.lock`;
  const held = await open(lock, 'wx').catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(
      error.code === 'EEXIST'
        ? `--history ${folder}: ${lock} is there: another run is writing, or was killed while it did`
        : `--history ${folder}: ${error.message}`,
    );
  });
  try {
    const chain = await readHistory(folder);
    const there = chain.findIndex(({ entry }) => entry.kind === 'run' && entry.summary.run === report.run.id);
    if (there >= 0) return `${path}: run ${report.run.id} is in line ${there + 1} already; nothing was added`;
    const lines = chain.map(({ line }) => `${line}\n`);
    lines.push(chainLine({ kind: 'run', summary: summaryOf(report, pack) }, chain.at(-1) ?? null, key));
    const kept = keepDays === undefined ? lines : withoutOld(chain, lines, report.run.endedAt.utc, keepDays, key);
    await writeFile(`${path}.new`, kept.join(''), { flush: true });
    await rename(`${path}.new`, path);
    return `${path}, head ${(await readHistory(folder)).at(-1)?.digest}`;
  } finally {
    await held.close();
    await rm(lock, { force: true });
  }
}

/** The lines from the first one that is young enough on, behind one that stands for the others. */
function withoutOld(chain: readonly ChainedEntry[], lines: readonly string[], newest: string, keepDays: number, key: SigningKey): string[] {
  const olderThan = new Date(Date.parse(newest) - keepDays * DAY_MS).toISOString();
  const first = chain.findIndex(({ entry }) => entry.kind === 'run' && entry.summary.recordedAt >= olderThan);
  const count = first < 0 ? chain.length : first;
  const last = chain[count - 1];
  if (last === undefined || chain.slice(0, count).every(({ entry }) => entry.kind === 'retention')) return [...lines];
  const removed = chain.slice(0, count).reduce((sum, { entry }) => sum + (entry.kind === 'retention' ? entry.removed : 1), 0);
  return [retentionLine(last, removed, olderThan, key), ...lines.slice(count)];
}
