import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { ChainedEntry } from '../../../reports/history/entry.ts';
import { HistoryError } from '../../../reports/history/history-error.ts';
import { readRegularFile } from '../../record/regular-file.ts';
import { replaceFile } from '../../record/replace-file.ts';

const schema = z.object({ folder: z.string(), head: z.string().regex(/^[0-9a-f]{64}$/), sequence: z.int().min(1) });
const MAX_BYTES = 64 * 1024;

/** The last line that this machine wrote to a history. */
export type RememberedHead = Pick<z.output<typeof schema>, 'head' | 'sequence'>;

/**
 * Where the heads are stored: outside the histories, so that a person who can write to a history cannot make them match a shorter history
 * or that of another folder.
 */
function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_STATE_HOME: state } = environment;
  return join(state === undefined || state === '' ? join(homedir(), '.local', 'state') : state, 'wirewitness', 'histories');
}

async function placeOf(folder: string): Promise<{ real: string; file: string }> {
  const real = await realpath(folder);
  return { real, file: join(stateFolder(), `${createHash('sha256').update(real).digest('hex')}.json`) };
}

/** The head of the history in a folder as this machine wrote it; null if it never did. */
export async function rememberedHead(folder: string): Promise<RememberedHead | null> {
  try {
    const { file } = await placeOf(folder);
    return schema.parse(JSON.parse(await readRegularFile(file, MAX_BYTES)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Keep the head. @returns why it could not be stored, else null: a machine without a home folder still writes histories */
export async function rememberHead(folder: string, { digest, entry }: ChainedEntry): Promise<string | null> {
  const { real, file } = await placeOf(folder);
  try {
    await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
    await replaceFile(file, `${JSON.stringify({ folder: real, head: digest, sequence: entry.sequence })}\n`);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * Check that the chain still has what this machine wrote last. A line that retention removed on another machine cannot be searched for.
 * @throws HistoryError for a history that was shortened or belongs to another folder
 */
export function checkHead(chain: readonly ChainedEntry[], remembered: RememberedHead | null): void {
  if (remembered === null || chain.some(({ digest }) => digest === remembered.head)) return;
  const [first] = chain;
  if (first?.entry.kind === 'retention' && first.entry.sequence >= remembered.sequence) return;
  throw new HistoryError(
    chain.length,
    `is the last; line ${remembered.sequence} with digest ${remembered.head}, which this machine wrote here, is not there: lines were removed, or this is the history of another folder`,
  );
}
