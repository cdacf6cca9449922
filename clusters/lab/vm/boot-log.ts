import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Number of newest logs that are kept. */
const KEPT = 10;

/** All output of a guest and QEMU until a boot failed. */
export interface BootOutput {
  readonly argv: readonly string[];
  readonly why: string;
  /** The guest's serial line. */
  readonly serial: string;
  /** QEMU's own messages. */
  readonly messages: string;
}

/** Write the log of a boot that failed into the cache folder. @returns its path */
export async function writeBootLog(cache: string, accelerator: string, { argv, why, serial, messages }: BootOutput): Promise<string> {
  const folder = join(cache, 'boot-logs');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${new Date().toISOString().replace(/[:.]/g, '')}-${accelerator}-${process.pid}.log`);
  const text = `${argv.join(' ')}\n\n--- why it was given up\n${why}\n\n--- QEMU said\n${messages.trim()}\n\n--- the guest said\n${serial.trim()}\n`;
  await writeFile(file, text, { mode: 0o600 });
  const logs = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  for (const name of logs.slice(0, -KEPT)) await rm(join(folder, name), { force: true });
  return file;
}
