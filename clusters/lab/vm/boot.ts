import { EnvironmentError } from '../../../harness/model/environment-error.ts';
import type { GuestImage } from '../image/image.ts';
import { type Accelerator, type AcceleratorChoice, type HardwareProbe, probeHardware, QEMU } from './accelerator.ts';
import type { BootLimits } from './boot-watch.ts';
import { findingFile, findingKey, keepFinding, readFinding } from './finding.ts';
import { bootMachine, GuestBootError, type Machine, type MachineSpec } from './machine.ts';

/** What to boot, and how the accelerator is chosen. */
export interface BootSpec {
  readonly image: GuestImage;
  /** In MiB. */
  readonly memory: number;
  readonly choice: AcceleratorChoice;
  /** Folder of the finding and the logs of failed boots. */
  readonly cache: string;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Default {@link QEMU}. */
  readonly qemu?: string;
  /** Default: what {@link probeHardware} sees. */
  readonly hardware?: HardwareProbe;
  /** Default as below. */
  readonly limits?: Partial<Readonly<Record<'hardware' | 'software', BootLimits>>>;
}

/** A running machine, and its accelerator. */
export interface Booted {
  readonly machine: Machine;
  readonly accelerator: Accelerator;
}

/** The guest booted with no accelerator: what was tried, the guest's last message, and the path of the logs. */
export class LabBootError extends EnvironmentError {
  override readonly name = 'LabBootError';

  constructor(failures: readonly GuestBootError[]) {
    const tried = failures.map(({ message }) => message).join('; then ');
    super(`the lab's machine did not boot: ${tried}; the full output is in ${failures.map(({ log }) => log).join(' and ')}`);
  }
}

/**
 * With working hardware the first output comes within half a second and the guest is ready within two. Software emulation on a busy machine
 * needed 20 s, for most of that time without output.
 */
const LIMITS: Readonly<Record<'hardware' | 'software', BootLimits>> = {
  hardware: { silenceMs: 5000, bootMs: 30_000 },
  software: { silenceMs: 120_000, bootMs: 120_000 },
};

/**
 * Boot the guest. Only a guest that says "ready" proves an accelerator: if the hardware's virtualisation fails, software emulation is used
 * at once, and the finding is kept until the machine restarts, or QEMU or the image changes.
 *
 * @throws LabBootError when the guest boots with no allowed accelerator
 */
export async function bootGuest(spec: BootSpec): Promise<Booted> {
  if (spec.choice === 'tcg') return bootInSoftware(spec, 'asked for', []);
  if (spec.choice !== 'auto') {
    const accelerator = { name: spec.choice, reason: 'asked for' };
    spec.progress(bootingLine(spec, accelerator));
    return { accelerator, machine: await boot(spec, accelerator.name).catch(allFailed([])) };
  }
  const tried = await tryHardware(spec);
  if (tried.machine !== undefined) return tried;
  return bootInSoftware(spec, tried.refused, tried.failure === undefined ? [] : [tried.failure]);
}

/**
 * Whether a guest boots under the hardware's virtualisation here, from the finding or by booting one and ending it.
 *
 * @param image undefined where none is built yet: then nothing can be found out
 * @returns what a lab would run under
 */
export async function proveAccelerator(spec: Omit<BootSpec, 'choice' | 'image'>, image: GuestImage | undefined): Promise<Accelerator> {
  const { name, refused } = spec.hardware ?? (await probeHardware());
  if (refused !== undefined) return { name: 'tcg', reason: refused };
  if (image === undefined)
    return { name: 'tcg', reason: `${name} may be opened; the first lab finds out whether a guest boots under it (no guest is built yet)` };
  const known = await readFinding(spec.cache, await findingKey(spec.qemu ?? QEMU, image.id));
  if (known?.works === true) return { name, reason: known.reason };
  const tried = await tryHardware({ ...spec, image, choice: 'auto' });
  await tried.machine?.kill();
  return tried.machine === undefined ? { name: 'tcg', reason: tried.refused } : tried.accelerator;
}

type Tried =
  | (Booted & { readonly refused?: undefined })
  | { readonly machine?: undefined; readonly refused: string; readonly failure?: GuestBootError };

async function tryHardware(spec: BootSpec): Promise<Tried> {
  const { name, refused } = spec.hardware ?? (await probeHardware());
  if (refused !== undefined) return { refused };
  const key = await findingKey(spec.qemu ?? QEMU, spec.image.id);
  const keep = (works: boolean, reason: string) => keepFinding(spec.cache, { ...key, accelerator: name, works, reason });
  const known = await readFinding(spec.cache, key);
  if (known?.works === false) return { refused: `${known.reason} [tried ${known.at}; remove ${findingFile(spec.cache)} to try again]` };
  const accelerator: Accelerator = { name, reason: `a guest booted under ${name} on this machine` };
  if (known === undefined) spec.progress(`trying whether guest ${spec.image.id} boots under ${name}`);
  else spec.progress(bootingLine(spec, accelerator));
  try {
    const onBroken = (why: string) => keep(false, `${name}: ${why} while a lab was running`);
    const machine = await boot(spec, name, { talkative: known === undefined, onBroken });
    await keep(true, accelerator.reason);
    return { machine, accelerator };
  } catch (error) {
    if (!(error instanceof GuestBootError)) throw error;
    await keep(false, error.message);
    spec.progress(`no guest boots under ${error.message} [${error.log}]; software emulation takes over`);
    return { refused: error.message, failure: error };
  }
}

async function bootInSoftware(spec: BootSpec, reason: string, before: readonly GuestBootError[]): Promise<Booted> {
  const accelerator: Accelerator = { name: 'tcg', reason };
  // A failure of this run was already printed.
  if (before.length === 0) spec.progress(bootingLine(spec, accelerator));
  return { accelerator, machine: await boot(spec, 'tcg').catch(allFailed(before)) };
}

function boot(
  spec: BootSpec,
  accelerator: Accelerator['name'],
  options: Partial<Pick<MachineSpec, 'talkative' | 'onBroken'>> = {},
): Promise<Machine> {
  const kind = accelerator === 'tcg' ? 'software' : 'hardware';
  const { image, memory, cache, signal, qemu } = spec;
  const limits = spec.limits?.[kind] ?? LIMITS[kind];
  const given = { ...(signal === undefined ? {} : { signal }), ...(qemu === undefined ? {} : { qemu }) };
  return bootMachine({ image, memory, cache, accelerator, limits, talkative: false, ...options, ...given });
}

function bootingLine({ image }: BootSpec, { name, reason }: Accelerator): string {
  const under = name === 'tcg' ? 'software emulation' : name;
  return `booting guest ${image.id} under ${under} (${reason})`;
}

function allFailed(before: readonly GuestBootError[]): (error: unknown) => never {
  return (error) => {
    throw error instanceof GuestBootError ? new LabBootError([...before, error]) : error;
  };
}
