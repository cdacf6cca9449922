import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Shell } from '../model/shell.ts';
import { again } from './again.ts';
import { succeeded } from './run.ts';

/**
 * Copy a file of a shell's place to this machine with `cat`, which also reads a tmpfs (`docker cp` cannot). The place needs `stat` and
 * `sha256sum`. The local file appears only when its size and its SHA-256 are those of the remote one.
 * @throws an error that names the shell and the file
 */
export async function fetchFile(shell: Shell, remotePath: string, localPath: string): Promise<void> {
  const { name } = shell;
  const partial = `${localPath}.partial`;
  const reading = { idempotent: true };
  try {
    const { stdout: size } = succeeded(await shell.run(['stat', '-c', '%s', '--', remotePath], reading), name);
    const { stdout: sum } = succeeded(await shell.run(['sha256sum', '--', remotePath], reading), name);
    succeeded(await again(async () => (await shell.start(['cat', '--', remotePath], { stdoutFile: partial })).ended), name);
    const { size: got } = await stat(partial);
    if (got !== Number(size)) throw new Error(`${name}: ${remotePath} has ${size.trim()} bytes, only ${got} arrived`);
    const hash = createHash('sha256');
    await pipeline(createReadStream(partial), hash);
    if (hash.digest('hex') !== sum.split(' ')[0]) throw new Error(`${name}: ${remotePath} was changed on the way: its SHA-256 differs`);
    await rename(partial, localPath);
  } finally {
    await rm(partial, { force: true });
  }
}
