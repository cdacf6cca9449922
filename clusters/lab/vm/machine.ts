import { createServer } from 'node:net';
import type { RunningCommand } from '../../../harness/model/shell.ts';
import { CommandFailedError } from '../../../harness/proc/errors.ts';
import { startHeld } from '../../../harness/proc/held.ts';
import type { GuestImage } from '../image/image.ts';
import { type Accelerator, QEMU } from './accelerator.ts';
import { makeRunFolder, type RunFolder } from './run-folder.ts';
import { SUPERVISOR } from './supervisor.ts';

/** What the machine is given. */
export interface MachineSpec {
  readonly image: GuestImage;
  readonly accelerator: Accelerator;
  /** In MiB. */
  readonly memory: number;
  readonly signal?: AbortSignal;
}

/** A guest that has said it is ready. */
export interface Machine {
  readonly folder: RunFolder;
  /** Port of 127.0.0.1 that leads to the guest's ssh. */
  readonly port: number;
  /** The guest's own clock when it was ready, in seconds since its kernel began. */
  readonly guestSeconds: number;
  /** Kill it now. Resolves when the process is gone and the folder with it. */
  kill(): Promise<void>;
  /** Resolves when the machine went, by itself or not, with what it last said. */
  readonly gone: Promise<string>;
}

/** Software emulation on a busy machine has taken 20 s. */
const BOOT_LIMIT_MS = 120_000;
const PORT_ATTEMPTS = 3;

/**
 * The guest's kernel arguments. `norandmaps`: software emulation keeps what it has translated by address, so a program that lies
 * elsewhere each time is translated anew at each start (`ip` takes 40 ms then, and 15 ms so). `mitigations=off`: nothing untrusted runs
 * in the guest, and each detour around speculation is emulated.
 */
const KERNEL_ARGUMENTS = 'console=ttyS0 quiet panic=-1 norandmaps mitigations=off';

/** Boot the guest and wait until it says that ssh answers. */
export async function bootMachine(spec: MachineSpec): Promise<Machine> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bootOnce(spec, await freePort());
    } catch (error) {
      // Another process may take the port between our look and QEMU's bind.
      const taken = error instanceof CommandFailedError && /Could not set up host forwarding/.test(error.message);
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function bootOnce(spec: MachineSpec, port: number): Promise<Machine> {
  const folder = await makeRunFolder(spec.image, port);
  const qemu = [
    ...[QEMU, '-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
    ...['-machine', 'pc', ...spec.accelerator.args, '-m', String(spec.memory), '-smp', '1'],
    ...['-kernel', spec.image.kernel, '-initrd', folder.initrd, '-append', KERNEL_ARGUMENTS],
    ...['-netdev', `user,id=net0,ipv6=off,restrict=on,net=10.99.0.0/24,hostfwd=tcp:127.0.0.1:${port}-10.99.0.15:22`],
    ...['-device', 'virtio-net-pci,netdev=net0,romfile=', '-device', 'virtio-rng-pci'],
  ];
  const running = await startHeld(['sh', '-c', SUPERVISOR, 'lab-supervisor', folder.path, ...qemu], { place: 'lab machine' });
  const gone = running.ended.then((result) => `${result.stdout.trim().slice(-600)} ${result.stderr.trim()}`.trim());
  const kill = async () => {
    running.release();
    await running.ended;
  };
  try {
    const line = await readyLine(running, spec.signal);
    return { folder, port, guestSeconds: Number(/LAB (\S+) ready/.exec(line)?.[1]), kill, gone };
  } catch (error) {
    await kill();
    throw error;
  }
}

async function readyLine(running: RunningCommand, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const abort = Promise.withResolvers<never>();
  const onAbort = () => abort.reject(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const line = await Promise.race([running.ready(/LAB \S+ (ready|no-ssh|no-network)|Kernel panic/, BOOT_LIMIT_MS), abort.promise]);
    if (!/ ready/.test(line)) throw new Error(`lab machine: the guest did not come up: ${line}`);
    return line;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port on 127.0.0.1'))));
    });
  });
}
