import { createServer } from 'node:net';
import { join } from 'node:path';
import { startHeld } from '../../../harness/proc/held.ts';
import type { GuestImage } from '../image/image.ts';
import { type Accelerator, acceleratorArguments, QEMU } from './accelerator.ts';
import { writeBootLog } from './boot-log.ts';
import { type BootLimits, watchBoot } from './boot-watch.ts';
import { untilPaused } from './monitor.ts';
import { makeRunFolder, type RunFolder } from './run-folder.ts';

/** Specification of the machine. */
export interface MachineSpec {
  readonly image: GuestImage;
  readonly accelerator: Accelerator['name'];
  /** In MiB. */
  readonly memory: number;
  readonly limits: BootLimits;
  /** The kernel prints messages from its first instruction on, which takes time. */
  readonly talkative: boolean;
  /** Receives the log of a boot that fails. */
  readonly cache: string;
  /** Called when QEMU no longer runs a guest that was ready, before the machine counts as ended. */
  readonly onBroken?: (why: string) => Promise<void>;
  /** Default {@link QEMU}. */
  readonly qemu?: string;
  readonly signal?: AbortSignal;
}

/** A guest that has said it is ready. */
export interface Machine {
  readonly folder: RunFolder;
  /** Port of 127.0.0.1 that is forwarded to the guest's ssh. */
  readonly port: number;
  /** The guest's uptime when it was ready, in seconds. */
  readonly guestSeconds: number;
  /** Kill it now. Resolves when the process and the folder are gone. */
  kill(): Promise<void>;
  /** Resolves when the machine has ended for any reason, with its last message. */
  readonly gone: Promise<string>;
  /** Why it was killed unexpectedly: QEMU no longer ran the guest. Else undefined. */
  broken(): string | undefined;
}

/** The guest did not boot. */
export class GuestBootError extends Error {
  override readonly name = 'GuestBootError';
  readonly accelerator: Accelerator['name'];
  /** Path of the complete output. */
  readonly log: string;

  constructor(accelerator: Accelerator['name'], why: string, log: string) {
    super(`${accelerator}: ${why}`);
    this.accelerator = accelerator;
    this.log = log;
  }
}

const PORT_ATTEMPTS = 3;

/**
 * The guest's kernel arguments. `norandmaps`: software emulation caches translated code by address, so a program at another address is
 * translated again at each start (`ip` takes 40 ms then, and 15 ms so). `mitigations=off`: nothing untrusted runs in the guest, and each
 * mitigation would be emulated. `no_timer_check`: the kernel compares timer interrupts with a loop of the processor, and on a busy host an
 * emulated processor is too slow ("IO-APIC + timer doesn't work", a panic).
 */
const KERNEL_ARGUMENTS = 'console=ttyS0 panic=-1 norandmaps mitigations=off no_timer_check';

/**
 * Boot the guest and wait until it says that ssh answers.
 * @throws GuestBootError when it does not boot; then only its log is left
 */
export async function bootMachine(spec: MachineSpec): Promise<Machine> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bootOnce(spec, await freePort());
    } catch (error) {
      // Another process may take the port between this check and QEMU's bind.
      const taken = error instanceof GuestBootError && /Could not set up host forwarding/.test(error.message);
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function bootOnce(spec: MachineSpec, port: number): Promise<Machine> {
  const folder = await makeRunFolder(spec.image, port);
  const monitor = join(folder.path, 'monitor');
  const qemu = [
    ...[spec.qemu ?? QEMU, '-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
    ...['-qmp', `unix:${monitor},server=on,wait=off`],
    ...['-machine', 'pc', ...acceleratorArguments(spec.accelerator), '-m', String(spec.memory), '-smp', '1'],
    ...['-kernel', spec.image.kernel, '-initrd', folder.initrd],
    ...['-append', `${KERNEL_ARGUMENTS} ${spec.talkative ? 'earlyprintk=ttyS0' : 'quiet'}`],
    ...['-netdev', `user,id=net0,ipv6=off,restrict=on,net=10.99.0.0/24,hostfwd=tcp:127.0.0.1:${port}-10.99.0.15:22`],
    ...['-device', 'virtio-net-pci,netdev=net0,romfile=', '-device', 'virtio-rng-pci'],
  ];
  let heard = performance.now();
  const running = await startHeld(['sh', '-c', SUPERVISOR, 'lab-supervisor', folder.path, ...qemu], {
    place: 'lab machine',
    onOutput: () => {
      heard = performance.now();
    },
  });
  const over = new AbortController();
  const paused = untilPaused(monitor, over.signal);
  let broken: string | undefined;
  const gone = running.ended.then(async (result) => {
    over.abort();
    if (broken !== undefined) await spec.onBroken?.(broken);
    return broken ?? `${result.stdout.trim().slice(-600)} ${result.stderr.trim()}`.trim();
  });
  const kill = async () => {
    running.release();
    await gone;
  };
  const watched = { output: () => running.output(), ended: running.ended, paused, heardAt: () => heard };
  try {
    const line = await watchBoot(watched, spec.limits, spec.signal);
    const end = (why: string) => {
      broken = why;
      running.release();
    };
    paused.then(
      (state) => state !== undefined && end(`QEMU stopped the guest (${state})`),
      (error: Error) => end(`QEMU's monitor: ${error.message}`),
    );
    return { folder, port, guestSeconds: Number(/LAB (\S+) ready/.exec(line)?.[1]), kill, gone, broken: () => broken };
  } catch (error) {
    await kill();
    if (spec.signal?.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const { stdout: serial, stderr: messages } = running.output();
    throw new GuestBootError(
      spec.accelerator,
      why,
      await writeBootLog(spec.cache, spec.accelerator, { argv: qemu, why, serial, messages }),
    );
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

/**
 * Runs the emulator as long as its parent runs, then removes the run folder, also after the parent was killed: the parent's end of the pipe
 * on standard input is then closed. PIPE is ignored because dash reports the killed emulator to a parent that may be gone. `$1` is the run
 * folder, the rest is the command.
 */
const SUPERVISOR = `
folder=$1; shift
trap '' INT HUP TERM PIPE
exec 3<&0
"$@" </dev/null 3<&- &
machine=$!
{ read -r order <&3; kill -9 $machine; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $machine
code=$?
kill -9 $watch 2>/dev/null
rm -rf "$folder"
exit $code
`;
