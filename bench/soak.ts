/**
 * `npm run soak -- [N] [--load]`: runs the main job N times (default 10), one after the other; with `--load` beside two busy loops. Prints
 * one line for each run, then exit codes, verdicts that differed, times, and the longest steps of the slowest runs. The folder of a run
 * that does not exit with 0 is kept, because its recording shows the reason. Exit code 1 unless every run ends with 0.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Report } from '../harness/model/report.ts';
import { reasonOf } from '../harness/model/verdict.ts';

const MODES = ['ipsec', 'wireguard'] as const;
const SLOWEST = 10;
const BUSY_LOOPS = 2;
const LAUNCHER = fileURLToPath(new URL('../bin/wirewitness', import.meta.url));

interface Run {
  readonly number: number;
  readonly exitCode: number;
  readonly seconds: number;
  /** `ipsec WIR-01` to its verdict. */
  readonly verdicts: ReadonlyMap<string, string>;
  /** The progress of the run: seconds since its start, text. */
  readonly steps: readonly (readonly [at: number, text: string])[];
  /** Its last line on standard error that is no progress, and the folder that was kept; empty where it ended with 0. */
  readonly said: string;
}

async function runOnce(number: number): Promise<Run> {
  const out = await mkdtemp(join(tmpdir(), 'wirewitness-soak-'));
  let keep = false;
  try {
    const began = performance.now();
    const child = spawn(LAUNCHER, ['run', '--target', 'lab', '--out', out], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
    keep = exitCode !== 0;
    const seconds = (performance.now() - began) / 1000;
    const lines = stderr.trim().split('\n');
    const progress = lines.map((line) => /^ *([\d.]+) s {2}(.*)$/.exec(line));
    return {
      ...{ number, exitCode, seconds, verdicts: await verdictsIn(out) },
      steps: progress.flatMap((match) => (match === null ? [] : [[Number(match[1]), match[2] ?? ''] as const])),
      said: keep ? `${lines.filter((_, index) => progress[index] === null).at(-1) ?? ''} (kept: ${out})` : '',
    };
  } finally {
    if (!keep) await rm(out, { recursive: true, force: true });
  }
}

async function verdictsIn(out: string): Promise<Map<string, string>> {
  const verdicts = new Map<string, string>();
  for (const mode of MODES) {
    const text = await readFile(join(out, mode, 'report.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) {
      verdicts.set(mode, 'no report');
      continue;
    }
    const report = JSON.parse(text) as Report;
    for (const found of report.verdicts)
      verdicts.set(`${mode} ${found.id}`, found.verdict === 'inconclusive' ? `${found.verdict}: ${reasonOf(found)}` : found.verdict);
  }
  return verdicts;
}

function median(sorted: readonly number[]): number {
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
}

/** The steps that took longest: each lasts from its line to the next one. */
function longestSteps({ steps, seconds }: Run): string {
  const lasting = steps.map(([at, text], index) => ({ text, took: (steps[index + 1]?.[0] ?? seconds) - at }));
  lasting.sort((a, b) => b.took - a.took);
  return lasting
    .slice(0, 4)
    .map(({ text, took }) => `${took.toFixed(1)} s ${text.slice(0, 70)}`)
    .join(' | ');
}

function printTally(title: string, values: readonly string[]): void {
  const counts = Map.groupBy(values, (value) => value);
  console.log(`${title}: ${[...counts].map(([value, { length }]) => `${length} x ${value}`).join(', ')}`);
}

function printResult(runs: readonly Run[]): void {
  printTally(
    '\nexit codes',
    runs.map(({ exitCode }) => String(exitCode)),
  );
  const keys = new Set(runs.flatMap(({ verdicts }) => [...verdicts.keys()]));
  const differing = [...keys].filter((key) => new Set(runs.map(({ verdicts }) => verdicts.get(key) ?? 'none')).size > 1);
  console.log(`verdicts that differed: ${differing.length === 0 ? 'none' : ''}`);
  for (const key of differing)
    printTally(
      `  ${key}`,
      runs.map(({ verdicts }) => verdicts.get(key) ?? 'none'),
    );
  const sorted = runs.map(({ seconds }) => seconds).sort((a, b) => a - b);
  console.log(`seconds: median ${median(sorted).toFixed(1)}, best ${sorted[0]?.toFixed(1)}, worst ${sorted.at(-1)?.toFixed(1)}`);
  console.log('slowest runs, with the steps that took longest:');
  for (const run of [...runs].sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST))
    console.log(`  run ${run.number}, ${run.seconds.toFixed(1)} s: ${longestSteps(run)}`);
}

const { values, positionals } = parseArgs({ options: { load: { type: 'boolean', default: false } }, allowPositionals: true });
const times = Number(positionals[0] ?? 10);
if (!Number.isInteger(times) || times < 1 || positionals.length > 1) {
  console.error(`soak ${positionals.join(' ')}: one whole number from 1 says how many runs`);
  process.exit(3);
}
const busy: ChildProcess[] = values.load
  ? Array.from({ length: BUSY_LOOPS }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
  : [];
const endLoad = () => {
  for (const child of busy) child.kill('SIGKILL');
};
process.on('exit', endLoad);
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => process.exit(130));
console.log(`${times} runs ${values.load ? `beside ${BUSY_LOOPS} busy loops` : 'alone'}`);
const runs: Run[] = [];
for (let number = 1; number <= times; number++) {
  const run = await runOnce(number);
  runs.push(run);
  const opening = run.steps.filter(([, text]) => text.includes('opening ')).map(([, text]) => text);
  const open = [...run.verdicts]
    .filter(([, verdict]) => /^(contradicts|inconclusive|no report)/.test(verdict))
    .map((pair) => pair.join(': '));
  console.log(
    [`run ${String(number).padStart(3)}  exit ${run.exitCode}  ${run.seconds.toFixed(1).padStart(6)} s`, run.said, ...opening, ...open]
      .filter((part) => part !== '')
      .join('  '),
  );
}
endLoad();
printResult(runs);
process.exitCode = runs.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
