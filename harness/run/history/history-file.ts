import { join } from 'node:path';
import { readChain } from '../../../reports/history/chain.ts';
import type { ChainedEntry } from '../../../reports/history/entry.ts';
import { HistoryError } from '../../../reports/history/history-error.ts';
import { FileRefusal, readRegularFile } from '../../record/regular-file.ts';
import { checkHead, rememberedHead } from './remembered-head.ts';

/** The log inside a history folder. */
export const HISTORY_FILE = 'history.ndjson';

/** Enough for some tens of thousands of runs. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Read and check the history in a folder; empty if there is none yet. The last line that this machine wrote must still be there.
 * @param trusted as {@link readChain}
 * @throws HistoryError
 */
export async function readHistory(folder: string, trusted: ReadonlySet<string> | null = null): Promise<ChainedEntry[]> {
  const text = await readRegularFile(join(folder, HISTORY_FILE), MAX_BYTES).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    if (error instanceof FileRefusal) throw new HistoryError(0, `the file ${error.message}`);
    throw error;
  });
  const chain = readChain(text, trusted);
  if (chain.length > 0) checkHead(chain, await rememberedHead(folder));
  return chain;
}
