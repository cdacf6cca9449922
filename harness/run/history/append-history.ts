import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chainLine, handoverLine, readChain, retentionLine } from '../../../reports/history/chain.ts';
import type { ChainedEntry } from '../../../reports/history/entry.ts';
import { summaryOf } from '../../../reports/history/summary-of.ts';
import type { SigningKey } from '../../../reports/pack/sign/signing-key.ts';
import type { Report } from '../../model/report.ts';
import { replaceFile } from '../../record/replace-file.ts';
import { ExitError } from '../exit-error.ts';
import { HISTORY_FILE, readHistory } from './history-file.ts';
import { rememberedHead, rememberHead } from './remembered-head.ts';

export interface AppendOptions {
  /** SHA-256 of the run's pack, or null. */
  readonly pack: string | null;
  /** Whole days for which lines are kept, counted back from the newest run; undefined: for ever. */
  readonly keepDays?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * Append a run to the history of a folder. The whole chain is checked first: nothing is added to a chain that was changed, or that another
 * key signed. A second simultaneous writer is refused.
 * @returns the file and the digest of the new line, with which a later loss of lines can be detected
 * @throws HistoryError; ExitError (usage) while another process writes, and for the history of another key
 */
export async function appendHistory(folder: string, report: Report, key: SigningKey, { pack, keepDays }: AppendOptions): Promise<string> {
  return writing(folder, async (path) => {
    const chain = await ownHistory(folder, key);
    const there = chain.findIndex(({ entry }) => entry.kind === 'run' && entry.summary.run === report.run.id);
    if (there >= 0) return `${path}: run ${report.run.id} is already in line ${there + 1}; nothing was added`;
    const before = chain.length > 0 ? null : await rememberedHead(folder);
    const body = { kind: 'run', summary: summaryOf(report, pack), ...(before === null ? {} : { insteadOf: before.head }) } as const;
    const lines = chain.map(({ line }) => `${line}\n`);
    lines.push(chainLine(body, chain.at(-1) ?? null, key));
    const kept = keepDays === undefined ? lines : withoutOld(chain, lines, report.run.endedAt.utc, keepDays, key);
    const head = await writeLines(folder, path, kept);
    return before === null
      ? head
      : `${head}; this is a new history: the earlier one, up to line ${before.sequence} with digest ${before.head}, is missing`;
  });
}

/**
 * Let another key sign from the next line on.
 * @returns the file and the digest of the line that says so
 * @throws as {@link appendHistory}
 */
export async function handOverHistory(folder: string, from: SigningKey, to: SigningKey): Promise<string> {
  return writing(folder, async (path) => {
    const chain = await ownHistory(folder, from);
    const last = chain.at(-1);
    if (last === undefined) throw ExitError.usage(`${folder}: contains no history that could be handed over`);
    return writeLines(folder, path, [...chain.map(({ line }) => `${line}\n`), handoverLine(last, from, to)]);
  });
}

/**
 * The history in a folder, which `key` may continue.
 * @throws HistoryError; ExitError (usage) when another key signs it: nothing is added to a history that another person signed
 */
export async function ownHistory(folder: string, key: SigningKey): Promise<ChainedEntry[]> {
  const chain = await readHistory(folder);
  const last = chain.at(-1);
  if (last === undefined || last.nextKeyId === key.keyId) return chain;
  throw ExitError.usage(
    `--history ${folder}: is signed by key ${last.nextKeyId}, not by ${key.keyId}; sign with --key, begin another folder, or hand over: wirewitness history ${folder} --sign-with OLD.pem --next-key NEW.pem`,
  );
}

async function writing(folder: string, write: (path: string) => Promise<string>): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, HISTORY_FILE);
  const lock = `${path}.lock`;
  const held = await open(lock, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(
      error.code === 'EEXIST'
        ? `--history ${folder}: ${lock} exists: another run is writing, or was killed while writing`
        : `--history ${folder}: ${error.message}`,
    );
  });
  try {
    return await write(path);
  } finally {
    await held.close();
    await rm(lock, { force: true });
  }
}

async function writeLines(folder: string, path: string, lines: readonly string[]): Promise<string> {
  const text = lines.join('');
  const last = readChain(text).at(-1)!;
  await replaceFile(path, text);
  const problem = await rememberHead(folder, last);
  return `${path}, head ${last.digest}${problem === null ? '' : ` (not remembered on this machine: ${problem})`}`;
}

/** The lines that are young enough, after one line that replaces the others. */
function withoutOld(chain: readonly ChainedEntry[], lines: readonly string[], newest: string, keepDays: number, key: SigningKey): string[] {
  const olderThan = new Date(Date.parse(newest) - keepDays * DAY_MS).toISOString();
  const first = chain.findIndex(({ entry }) => entry.kind === 'run' && entry.summary.recordedAt >= olderThan);
  const count = first < 0 ? chain.length : first;
  const last = chain[count - 1];
  if (last === undefined || chain.slice(0, count).every(({ entry }) => entry.kind === 'retention')) return [...lines];
  const removed = chain
    .slice(0, count)
    .reduce((sum, { entry }) => sum + (entry.kind === 'retention' ? entry.removed : entry.kind === 'run' ? 1 : 0), 0);
  return [retentionLine(last, removed, olderThan, key), ...lines.slice(count)];
}
