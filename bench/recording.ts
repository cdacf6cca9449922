/**
 * A large recording, judged in one thread and in as many as the machine has cores, each in a process of its own: time, processor time and memory. The
 * reports must be the same.
 *   node bench/recording.ts [CAPTURES] [FRAMES] [THREADS…]
 * @module
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { RANDOM_TAGS, SecretMarker } from '../harness/decode/secrets/secret-marks.ts';
import { type RecordingManifest, SECRET_MARKS } from '../harness/model/recording.ts';
import { hashFile } from '../harness/record/file-hash.ts';
import { openRecording } from '../harness/record/open-recording.ts';
import { assess } from '../harness/run/assess.ts';
import { storeRecording } from '../harness/testing/memory-recording.ts';
import { buildRecording, flow } from '../harness/testing/recording.ts';
import { writeHealthyCapture } from './healthy-capture.ts';

/** What one process measured. */
interface Measured {
  readonly open: number;
  readonly judge: number;
  readonly cpu: number;
  readonly rssMiB: number;
  readonly report: string;
}

/** Captures of a healthy cluster, none the same as another; returns the bytes of all. */
async function writeRecording(folder: string, captures: number, frames: number): Promise<number> {
  const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
  for (let secret = 0; secret < 20; secret++) marker.add(randomBytes(20));
  storeRecording(
    buildRecording({
      captures: Array.from({ length: captures }, (_, n) => ({ phase: 'encrypted', frames: [], record: { interface: `br${n}` } })),
      traffic: [flow('encrypted', 'cd'.repeat(16))],
      files: { [SECRET_MARKS]: JSON.stringify(marker.marks()) },
    }),
    folder,
  );
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as RecordingManifest;
  let bytes = 0;
  for (const [n, { file }] of manifest.captures.entries()) bytes += writeHealthyCapture(join(folder, file), frames + n, 'ipsec');
  const files = [];
  for (const file of manifest.files) files.push({ path: file.path, ...(await hashFile(join(folder, file.path))) });
  writeFileSync(path, JSON.stringify({ ...manifest, files }));
  return bytes;
}

async function measure(folder: string, threads: number): Promise<Measured> {
  const begin = performance.now();
  const recording = await openRecording(folder);
  const opened = performance.now();
  const cpu = process.cpuUsage();
  const report = await assess(recording, undefined, { threads });
  const judge = (performance.now() - opened) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    open: (opened - begin) / 1000,
    judge,
    cpu: (user + system) / 1e6,
    rssMiB: process.resourceUsage().maxRSS / 1024,
    report: createHash('sha256').update(JSON.stringify(report)).digest('hex'),
  };
}

async function compare(captures: number, frames: number, counts: readonly number[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-bench-'));
  try {
    const bytes = await writeRecording(folder, captures, frames);
    console.log(`${captures} captures of ${frames} frames, ${(bytes / 2 ** 20).toFixed(0)} MiB in all`);
    const reports = new Set<string>();
    for (const threads of counts) {
      const argv = [import.meta.filename, '--measure', folder, String(threads)];
      const { open, judge, cpu, rssMiB, report } = JSON.parse(execFileSync(process.execPath, argv, { encoding: 'utf8' })) as Measured;
      reports.add(report);
      const figures = `judged in ${judge.toFixed(1)} s, ${cpu.toFixed(1)} s of processors, peak RSS ${rssMiB.toFixed(0)} MiB`;
      console.log(`${threads} thread${threads === 1 ? '' : 's'}: ${figures}; opened in ${open.toFixed(1)} s`);
    }
    if (reports.size > 1) throw new Error('the reports are not the same');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [first, second, ...rest] = process.argv.slice(2);
if (first === '--measure') process.stdout.write(JSON.stringify(await measure(second!, Number(rest[0]))));
else await compare(Number(first ?? 3), Number(second ?? 360_000), rest.length > 0 ? rest.map(Number) : [1, availableParallelism()]);
