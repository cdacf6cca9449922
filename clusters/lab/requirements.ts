import { EnvironmentError } from '../../harness/model/environment-error.ts';
import { run } from '../../harness/proc/run.ts';
import { QEMU } from './vm/accelerator.ts';

/** A program that the lab needs on this machine, and its package on Debian and Ubuntu. */
export interface Requirement {
  readonly program: string;
  readonly package: string;
}

const REQUIREMENTS: readonly Requirement[] = [
  { program: QEMU, package: 'qemu-system-x86' },
  { program: 'ssh', package: 'openssh-client' },
  { program: 'apt-get', package: 'apt' },
  { program: 'dpkg', package: 'dpkg' },
  // Kernel modules of Debian 13 are compressed with it.
  { program: 'xz', package: 'xz-utils' },
];

/** This machine cannot run a lab. */
export class LabRequirementError extends EnvironmentError {
  override readonly name = 'LabRequirementError';
  readonly missing: readonly Requirement[];

  constructor(missing: readonly Requirement[]) {
    const programs = missing.map(({ program }) => program).join(', ');
    const packages = missing.map((requirement) => requirement.package).join(' ');
    super(`the lab needs ${programs} on this machine: sudo apt-get install --no-install-recommends ${packages}`);
    this.missing = missing;
  }
}

/** What the lab needs and is missing on this machine. */
export async function missingRequirements(): Promise<Requirement[]> {
  const script = REQUIREMENTS.map(({ program }) => `command -v ${program} >/dev/null || echo ${program}`).join('; ');
  const { stdout } = await run(['sh', '-c', script], { timeoutMs: 10_000 });
  const absent = stdout.split('\n');
  return REQUIREMENTS.filter(({ program }) => absent.includes(program));
}
