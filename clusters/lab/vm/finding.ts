import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runOrThrow } from '../../../harness/proc/run.ts';

const findingSchema = z.object({
  /** What the finding is valid for; if one of them changes, it is discarded. */
  bootId: z.string(),
  qemu: z.string(),
  image: z.string(),
  accelerator: z.enum(['kvm', 'hvf']),
  works: z.boolean(),
  /** What was seen, in one line. */
  reason: z.string(),
  /** UTC. */
  at: z.string(),
});

/** Whether a real guest booted under the hardware's virtualisation here. */
export type VirtualisationFinding = z.infer<typeof findingSchema>;

/** What a finding is valid for. */
export type FindingKey = Pick<VirtualisationFinding, 'bootId' | 'qemu' | 'image'>;

/** The boot id of the machine, QEMU's version text, and the guest image. */
export async function findingKey(qemu: string, imageId: string): Promise<FindingKey> {
  const [bootId, version] = await Promise.all([machineBootId(), runOrThrow([qemu, '--version'], { timeoutMs: 20_000 })]);
  return { bootId, qemu: version.stdout.split('\n')[0] ?? '', image: imageId };
}

async function machineBootId(): Promise<string> {
  if (process.platform === 'darwin')
    return (await runOrThrow(['sysctl', '-n', 'kern.bootsessionuuid'], { timeoutMs: 20_000 })).stdout.trim();
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** Where the finding is kept in a cache folder. It may be removed at any time: the accelerator is then tried again. */
export function findingFile(cache: string): string {
  return join(cache, 'accelerator.json');
}

/** The finding for this key; undefined if there is none, or only one for another key. */
export async function readFinding(cache: string, key: FindingKey): Promise<VirtualisationFinding | undefined> {
  const text = await readFile(findingFile(cache), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const found = findingSchema.safeParse(parseJson(text)).data;
  if (found === undefined) return undefined;
  return found.bootId === key.bootId && found.qemu === key.qemu && found.image === key.image ? found : undefined;
}

/** A file cut by a full disk is not a finding. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Store a finding instead of the previous one. */
export async function keepFinding(cache: string, finding: Omit<VirtualisationFinding, 'at'>): Promise<void> {
  const file = findingFile(cache);
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify({ ...finding, at: new Date().toISOString() }, null, 1)}\n`, { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}
