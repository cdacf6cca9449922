import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, makeCacheFolder } from '../image/cache.ts';

const stateSchema = z.object({
  pid: z.int().positive(),
  /** Unix socket of the process that holds the lab. */
  control: z.string(),
  sshConfig: z.string(),
  startedAt: z.string(),
  nodes: z.array(z.object({ name: z.string(), addresses: z.array(z.string()) })),
  pods: z.array(z.object({ name: z.string(), node: z.string(), netns: z.string(), addresses: z.array(z.string()) })),
});

/** The stored state of the background lab. It has paths of keys, never keys. */
export type LabState = z.infer<typeof stateSchema>;

/** Folder of the background lab: state, lock and log. 0700. */
export async function stateFolder(): Promise<string> {
  const folder = join(cacheFolder(), 'lab');
  await makeCacheFolder(folder);
  return folder;
}

const stateFile = async () => join(await stateFolder(), 'state.json');

/** Write the state, completely or not at all. */
export async function writeState(state: LabState): Promise<void> {
  const file = await stateFile();
  await writeFile(`${file}.partial`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.partial`, file);
}

export async function removeState(): Promise<void> {
  await rm(await stateFile(), { force: true });
}

/** The lab that runs in the background; undefined if there is none, also if its holder was killed and the file is still there. */
export async function runningLab(): Promise<LabState | undefined> {
  const text = await readFile(await stateFile(), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const state = stateSchema.parse(JSON.parse(text));
  if (await tell(state, 'hello')) return state;
  await removeState();
  return undefined;
}

/** Send a word to the holder and wait until it closes the connection; false if there is no holder. */
export function tell(state: LabState, word: 'hello' | 'down'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(state.control);
    socket.once('connect', () => socket.end(`${word}\n`));
    socket.resume();
    socket.once('close', (failed) => {
      if (!failed) resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET'].includes(error.code ?? '')) resolve(false);
      else reject(error);
    });
  });
}
