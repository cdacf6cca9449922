import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { EnvironmentError } from '../../../harness/model/environment-error.ts';

/** The emulator; also on a Mac, where it is the same machine under HVF or TCG. */
export const QEMU = 'qemu-system-x86_64';

/** The processor's virtualisation on Linux and on a Mac. */
export type HardwareName = 'kvm' | 'hvf';

/** Possible choices: `auto` tries the hardware and falls back to software emulation (`tcg`). */
export const ACCELERATOR_CHOICES = ['auto', 'kvm', 'hvf', 'tcg'] as const;

export type AcceleratorChoice = (typeof ACCELERATOR_CHOICES)[number];

/** What executes the guest, and why. */
export interface Accelerator {
  readonly name: HardwareName | 'tcg';
  /** What proved it, or why the faster ones were not used. */
  readonly reason: string;
}

/** Names an accelerator if no flag does. */
export const ACCELERATOR_VARIABLE = 'WIREWITNESS_ACCELERATOR';

const ARGUMENTS: Readonly<Record<Accelerator['name'], readonly string[]>> = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  hvf: ['-accel', 'hvf', '-cpu', 'host'],
  // Without a limit of its code cache TCG uses twice the memory and is not faster.
  tcg: ['-accel', 'tcg,thread=multi,tb-size=64'],
};

/** QEMU's arguments for an accelerator. */
export function acceleratorArguments(name: Accelerator['name']): readonly string[] {
  return ARGUMENTS[name];
}

/**
 * The flag, else the environment variable, else `auto`.
 * @throws EnvironmentError naming the variable, when it names no accelerator
 */
export function wantedAccelerator(flag?: AcceleratorChoice, env: NodeJS.ProcessEnv = process.env): AcceleratorChoice {
  const named = flag ?? env[ACCELERATOR_VARIABLE];
  if (named === undefined || named === '') return 'auto';
  const known = ACCELERATOR_CHOICES.find((choice) => choice === named);
  if (known === undefined) throw new EnvironmentError(`${ACCELERATOR_VARIABLE}=${named}: must be one of ${ACCELERATOR_CHOICES.join(', ')}`);
  return known;
}

/** Hardware that may work here, or the reason why it cannot. An accessible device proves nothing: only a booted guest does. */
export type HardwareProbe = { readonly name: HardwareName; readonly refused?: string };

/** Look for the hardware's virtualisation without using it. */
export async function probeHardware(platform: NodeJS.Platform = process.platform, device = '/dev/kvm'): Promise<HardwareProbe> {
  if (platform === 'darwin') return { name: 'hvf' };
  const name = 'kvm';
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return { name };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { name, refused: code === 'ENOENT' ? `this machine has no ${device}` : `${device} may not be opened (${code})` };
  }
}
