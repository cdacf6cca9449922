import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { cacheFolder } from '../../../clusters/lab/image/cache.ts';
import { builtGuestImage } from '../../../clusters/lab/image/image.ts';
import { PackageIndexError } from '../../../clusters/lab/image/packages.ts';
import { ACCELERATOR_VARIABLE, type Accelerator, QEMU, wantedAccelerator } from '../../../clusters/lab/vm/accelerator.ts';
import { proveAccelerator } from '../../../clusters/lab/vm/boot.ts';
import { CommandNotStartedError } from '../../proc/errors.ts';
import { findProgram } from '../../proc/find-program.ts';

/** One requirement of a lab. `optional`: it is missing, and a lab runs without it. */
export interface MachineFinding {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'optional';
  readonly detail: string;
  /** The command that fixes it; empty if it needs no fix. */
  readonly fix: string;
}

interface Program {
  readonly name: string;
  readonly for: string;
  readonly fix: string;
  readonly optional?: boolean;
}

const apt = (packageName: string): string => `sudo apt-get install --no-install-recommends ${packageName}`;

const PROGRAMS: readonly Program[] = [
  { name: QEMU, for: 'runs the lab', fix: apt('qemu-system-x86') },
  { name: 'ssh', for: 'connects to the lab', fix: apt('openssh-client') },
  { name: 'apt-get', for: "downloads the guest's packages", fix: 'use a Debian or Ubuntu machine' },
  { name: 'dpkg', for: "unpacks the guest's packages", fix: 'use a Debian or Ubuntu machine' },
  { name: 'xz', for: "unpacks the guest's kernel modules", fix: apt('xz-utils') },
  { name: 'tcpdump', for: 'shows captures to a person', fix: apt('tcpdump'), optional: true },
];

const NODE_MAJOR = 24;
/** Bytes of a guest image and its packages, with space for two recordings. */
const DISK_WANTED = 500e6;
/** Memory of the guest of a small lab. */
const PROBE_MEMORY_MIB = 256;

/** What this machine has and what is missing for a lab. Only creates the cache folder. */
export async function examineMachine(): Promise<MachineFinding[]> {
  return [
    examineNode(process.versions.node),
    ...PROGRAMS.map(examineProgram),
    await examineAccelerator(),
    await examineCache(cacheFolder()),
  ];
}

/** @param version as in `process.versions.node` */
export function examineNode(version: string): MachineFinding {
  const ok = Number.parseInt(version, 10) >= NODE_MAJOR;
  return {
    name: 'node',
    state: ok ? 'ok' : 'missing',
    detail: `${version}, ${NODE_MAJOR} or newer is needed`,
    fix: ok ? '' : 'sh scripts/setup',
  };
}

function examineProgram({ name, for: purpose, fix, optional = false }: Program): MachineFinding {
  const path = findProgram(name);
  if (path !== undefined) return { name, state: 'ok', detail: `${path} (${purpose})`, fix: '' };
  return { name, state: optional ? 'optional' : 'missing', detail: `not found (${purpose})`, fix };
}

async function examineAccelerator(): Promise<MachineFinding> {
  const name = 'accelerator';
  const accelerator = await chosenAccelerator();
  if (accelerator === undefined) return { name, state: 'optional', detail: `not tried: no ${QEMU}`, fix: '' };
  if (accelerator.name !== 'tcg') return { name, state: 'ok', detail: `${accelerator.name}: ${accelerator.reason}`, fix: '' };
  return { name, state: 'optional', detail: `software emulation (slower, same results): ${accelerator.reason}`, fix: '' };
}

/** The accelerator that a lab would choose; undefined if there is no emulator. */
async function chosenAccelerator(): Promise<Accelerator | undefined> {
  const choice = wantedAccelerator();
  if (findProgram(QEMU) === undefined) return undefined;
  if (choice !== 'auto') return { name: choice, reason: `asked for by ${ACCELERATOR_VARIABLE}` };
  const cache = cacheFolder();
  // Without a writable cache or a package index the rest is still examined; the lines about these two say what is missing.
  const image = await builtGuestImage().catch((error: unknown) => {
    if (
      error instanceof PackageIndexError ||
      error instanceof CommandNotStartedError ||
      (error as NodeJS.ErrnoException).code !== undefined
    )
      return undefined;
    throw error;
  });
  return proveAccelerator({ memory: PROBE_MEMORY_MIB, cache, progress: () => {} }, image);
}

/** The cache folder must be writable and its disk must have free space. */
export async function examineCache(folder: string): Promise<MachineFinding> {
  const name = 'cache';
  const fix = 'name another folder: WIREWITNESS_CACHE=/some/folder';
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const detail = `${folder}, ${(free / 1e9).toFixed(1)} GB free, ${DISK_WANTED / 1e9} GB needed`;
    return { name, state: free >= DISK_WANTED ? 'ok' : 'missing', detail, fix: free >= DISK_WANTED ? '' : fix };
  } catch (error) {
    return { name, state: 'missing', detail: `${folder}: ${(error as Error).message}`, fix };
  }
}
