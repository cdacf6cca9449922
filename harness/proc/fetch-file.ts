import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Shell } from '../model/shell.ts';
import { again } from './again.ts';
import { succeeded } from './run.ts';

/**
 * Copy a file of a shell's place to this machine with `head`, which also reads a tmpfs (`docker cp` cannot). The place needs `stat`, `head`
 * and `sha256sum`. The local file appears only when its size and its SHA-256 are those of the remote one. A program that could not be
 * stopped may still write to the end of the file: then what it had when it was first asked for is copied.
 * @throws an error that names the shell and the file
 */
export async function fetchFile(shell: Shell, remotePath: string, localPath: string): Promise<void> {
  const { name } = shell;
  const partial = `${localPath}.partial`;
  const reading = { idempotent: true };
  try {
    const size = succeeded(await shell.run(['stat', '-c', '%s', '--', remotePath], reading), name).stdout.trim();
    const head = ['head', '-c', size, '--', remotePath];
    const { stdout: sum } = succeeded(await shell.run(['sh', '-c', '"$@" | sha256sum', 'sh', ...head], reading), name);
    succeeded(await again(async () => (await shell.start(head, { stdoutFile: partial })).ended), name);
    const { size: got } = await stat(partial);
    if (got !== Number(size)) throw new Error(`${name}: ${remotePath} has ${size} bytes, ${got} arrived`);
    const hash = createHash('sha256');
    await pipeline(createReadStream(partial), hash);
    if (hash.digest('hex') !== sum.split(' ')[0]) throw new Error(`${name}: ${remotePath} was changed on the way: its SHA-256 differs`);
    await rename(partial, localPath);
  } finally {
    await rm(partial, { force: true });
  }
}
