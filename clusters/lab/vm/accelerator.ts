import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandNotStartedError, CommandTimeoutError } from '../../../harness/proc/errors.ts';
import { run } from '../../../harness/proc/run.ts';

/** The emulator; also on a Mac, where it is the same machine under HVF or TCG. */
export const QEMU = 'qemu-system-x86_64';

/** What executes the guest, and why. */
export interface Accelerator {
  readonly name: 'kvm' | 'hvf' | 'tcg';
  /** QEMU's arguments. */
  readonly args: readonly string[];
  /** Why the faster ones were not taken. */
  readonly reason: string;
}

/** Without a bound on its code cache TCG takes twice the memory, and is no faster. */
const TCG: readonly string[] = ['-accel', 'tcg,thread=multi,tb-size=64'];
const PROBE_LIMIT_MS = 5000;
/** Write 42 to the exit device: QEMU ends with 42 * 2 + 1. `mov al, 42; out 0xf4, al; hlt`. */
const BOOT_CODE = [0xb0, 0x2a, 0xe6, 0xf4, 0xf4];
const PROBE_EXIT = 85;

/**
 * Choose the accelerator by running code on it: a device file that may be opened, or a QEMU that knows the name, proves
 * nothing (nested, forbidden or half-emulated virtualisation looks the same).
 * @throws CommandNotStartedError when QEMU is not installed
 */
export async function chooseAccelerator(signal?: AbortSignal): Promise<Accelerator> {
  const name = process.platform === 'darwin' ? 'hvf' : 'kvm';
  if (name === 'kvm' && !existsSync('/dev/kvm')) return { name: 'tcg', args: TCG, reason: 'this machine has no /dev/kvm' };
  const refused = await probe(name, signal);
  if (refused === undefined) return { name, args: ['-accel', name, '-cpu', 'host'], reason: `${name} ran a boot sector` };
  return { name: 'tcg', args: TCG, reason: `${name} does not work: ${refused}` };
}

async function probe(name: string, signal?: AbortSignal): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ww-probe-'));
  try {
    const sector = Buffer.alloc(512);
    sector.set(BOOT_CODE);
    sector.set([0x55, 0xaa], 510);
    const disk = join(folder, 'boot.img');
    await writeFile(disk, sector);
    const machine = ['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-m', '16', '-accel', name, '-cpu', 'host'];
    const devices = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04', '-drive', `file=${disk},format=raw,if=ide`];
    const result = await run([QEMU, ...machine, ...devices], { timeoutMs: PROBE_LIMIT_MS, ...(signal === undefined ? {} : { signal }) });
    if (result.exitCode === PROBE_EXIT) return undefined;
    return result.stderr.trim().split('\n').at(-1) || `the probe ended with ${result.exitCode}`;
  } catch (error) {
    if (error instanceof CommandTimeoutError) return `the probe did not end within ${PROBE_LIMIT_MS} ms`;
    if (error instanceof CommandNotStartedError) throw error;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
