import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readChain } from '../../../reports/history/chain.ts';
import type { ChainedEntry } from '../../../reports/history/entry.ts';

/** The log inside a history folder. */
export const HISTORY_FILE = 'history.ndjson';

/**
 * Read and check the history in a folder; empty where there is none yet.
 * @param trusted as {@link readChain}
 * @throws HistoryError
 */
export async function readHistory(folder: string, trusted: ReadonlySet<string> | null = null): Promise<ChainedEntry[]> {
  const text = await readFile(join(folder, HISTORY_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return readChain(text, trusted);
}
