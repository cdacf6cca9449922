/**
 * `npm run bench`: the ledger compared with tshark and tcpdump on a generated capture, and with tcpdump on the same as pcapng, with jumbo frames,
 * and on one that is four times as long, for which the ledger may not need more memory; there also two threads with one. Then the judge's pass
 * over captures of a healthy cluster, in one thread, compared with the ledger in one thread and with tcpdump.
 *   node bench/ledger.ts [FRAMES]
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerOfFile } from '../harness/run/ledger/ledger-of-file.ts';
import { type ComparedProgram, comparedPrograms, matchesNothing, ratioLine } from './compared-programs.ts';
import { writeHealthyCapture } from './healthy-capture.ts';
import type { JudgedCapture } from './judged-capture.ts';
import { type CaptureShape, writeMixedCapture } from './mixed-capture.ts';

/** Modules are compiled once, as by the launcher. */
const COMPILED = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../.cache/compile') };

/** Most runs of a program. */
const LEDGER_RUNS = 5;

interface BenchCapture extends CaptureShape {
  readonly name: string;
  /** Its number of frames, as a multiple of the number on the command line. */
  readonly times: number;
  /** Whether tshark reads it too, which takes minutes. */
  readonly tshark: boolean;
  /** Whether two threads are compared with one. */
  readonly threads: boolean;
}

const CAPTURES: readonly BenchCapture[] = [
  { name: 'pcap', times: 1, format: 'pcap', moreBytes: 0, tshark: true, threads: false },
  { name: 'pcapng', times: 1, format: 'pcapng', moreBytes: 0, tshark: false, threads: false },
  { name: 'pcap with jumbo frames', times: 0.1, format: 'pcap', moreBytes: 8500, tshark: false, threads: false },
  { name: 'pcap, four times as long', times: 4, format: 'pcap', moreBytes: 0, tshark: false, threads: true },
];

/** The measurements of one process of the ledger. */
interface OwnMeasure {
  readonly frames: number;
  /** Time from opening the file to the ledger, without the process start. */
  readonly seconds: number;
  readonly rssMiB: number;
  readonly classes: unknown;
}

/** The ledger of one file, in its own process so that its memory can be measured; the file is read as by `wirewitness ledger FILE`. */
async function measureHere(file: string, threads?: number): Promise<void> {
  const begin = process.hrtime.bigint();
  const { ledger } = await ledgerOfFile(file, threads);
  const seconds = secondsSince(begin);
  const own: OwnMeasure = { frames: ledger.frames, seconds, rssMiB: process.resourceUsage().maxRSS / 1024, classes: ledger.classes };
  process.stdout.write(JSON.stringify(own));
}

/** Run a program to its end. `wall` is the time of the process in seconds, start-up included; null when it is not installed. */
function runTimed(argv: readonly string[]): { wall: number; stdout: Buffer } | null {
  const [program, ...rest] = argv;
  const begin = process.hrtime.bigint();
  const result = spawnSync(program!, rest, { maxBuffer: 2 ** 31, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...COMPILED } });
  const wall = secondsSince(begin);
  if (result.error && 'code' in result.error && result.error.code === 'ENOENT') return null;
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${argv.join(' ')} ended with ${result.status}: ${result.stderr.toString().slice(0, 300)}`);
  return { wall, stdout: result.stdout };
}

/** One run of the ledger in a process of its own. */
function runLedger(file: string, frames: number, threads?: number): { readonly wall: number; readonly own: OwnMeasure } {
  const run = runTimed([process.execPath, import.meta.filename, '--measure', file, ...(threads === undefined ? [] : [String(threads)])]);
  if (run === null) throw new Error(`${process.execPath} is not there`);
  const own = JSON.parse(run.stdout.toString()) as OwnMeasure;
  if (own.frames !== frames) throw new Error(`the ledger counted ${own.frames} frames, not ${frames}`);
  return { wall: run.wall, own };
}

/** Most time of the judge's pass, as a multiple of the ledger's. */
const JUDGE_GOAL = 3;
/** Its captures, as multiples of the number on the command line: with the longer one it may not need more memory. */
const JUDGED = [
  { mode: 'ipsec', times: 0.3 },
  { mode: 'wireguard', times: 0.3 },
  { mode: 'wireguard', times: 1.2 },
] as const;

/** The judge's pass, the ledger and tcpdump take turns over one capture. */
function measureJudge({ mode, times }: (typeof JUDGED)[number], asked: number): void {
  const frames = Math.max(2, Math.round(asked * times));
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-bench-'));
  try {
    const file = join(folder, 'healthy.pcap');
    const size = writeHealthyCapture(file, frames, mode);
    console.log(`\nhealthy ${mode}: ${frames} frames, ${(size / 2 ** 20).toFixed(0)} MiB; medians of runs that take turns`);
    const rounds = Array.from({ length: LEDGER_RUNS }, () => ({
      judge: runJudge(file, mode),
      ledger: runLedger(file, frames, 1).own.seconds,
      tcpdump: runTimed(matchesNothing(file).argv)?.wall,
    }));
    const seconds = median(rounds.map(({ judge }) => judge.seconds));
    const peak = Math.max(...rounds.map(({ judge }) => judge.rssMiB));
    const toLedger = median(rounds.map(({ judge, ledger }) => judge.seconds / ledger));
    console.log(
      `${'judge, without start-up'.padEnd(32)}${seconds.toFixed(2)} s  ${rate(frames, seconds)}  peak RSS ${peak.toFixed(0)} MiB`,
    );
    console.log(
      `judge takes ${toLedger.toFixed(2)} x as long as the ledger; goal at most ${JUDGE_GOAL} x: ${toLedger <= JUDGE_GOAL ? 'met' : 'missed'}`,
    );
    const toTcpdump = rounds.flatMap(({ judge, tcpdump }) => (tcpdump === undefined ? [] : [judge.seconds / tcpdump]));
    console.log(
      toTcpdump.length === 0 ? 'tcpdump is not installed' : `and ${median(toTcpdump).toFixed(2)} x as long as ${matchesNothing(file).name}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runJudge(file: string, mode: string): JudgedCapture {
  const run = runTimed([process.execPath, join(import.meta.dirname, 'judged-capture.ts'), file, mode]);
  if (run === null) throw new Error(`${process.execPath} is not there`);
  return JSON.parse(run.stdout.toString()) as JudgedCapture;
}

/** A program's run, and the run of the ledger just before it. */
interface Round {
  readonly wall: number;
  readonly ledgerWall: number;
  readonly lines: number;
}

/**
 * The runs of the ledger and of the other programs take turns, so that what else the machine does weighs on both: the ratio is the median
 * of those of neighbouring runs.
 */
function measureCapture(capture: BenchCapture, asked: number): void {
  const frames = Math.max(1, Math.round(asked * capture.times));
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-bench-'));
  try {
    const file = join(folder, `mixed.${capture.format}`);
    const size = writeMixedCapture(file, frames, capture);
    console.log(
      `\n${capture.name}: ${frames} frames, ${(size / 2 ** 20).toFixed(0)} MiB, ${process.version}; wall times, medians of runs that take turns`,
    );
    const compared = comparedPrograms(file).filter(({ argv }) => capture.tshark || argv[0] !== 'tshark');
    const ledgers: ReturnType<typeof runLedger>[] = [];
    const rounds = new Map<ComparedProgram, Round[]>(compared.map((program) => [program, []]));
    for (let number = 0; number < LEDGER_RUNS; number++)
      for (const program of compared.filter(({ runs }) => number < runs)) {
        const ledger = runLedger(file, frames);
        ledgers.push(ledger);
        const run = runTimed(program.argv);
        if (run !== null) rounds.get(program)?.push({ wall: run.wall, ledgerWall: ledger.wall, lines: countLines(run.stdout) });
      }
    printLedger(ledgers, frames);
    for (const [program, own] of rounds) console.log(programLine(program, own, frames));
    for (const [program, own] of rounds)
      console.log(
        own.length === 0
          ? `ratio to ${program.name.padEnd(29)} not measured: not installed`
          : ratioLine(program, median(own.map(({ wall, ledgerWall }) => wall / ledgerWall))),
      );
    if (capture.threads) printThreads(file, frames);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printLedger(runs: readonly ReturnType<typeof runLedger>[], frames: number): void {
  const wall = median(runs.map((run) => run.wall));
  const inner = median(runs.map((run) => run.own.seconds));
  const peak = Math.max(...runs.map((run) => run.own.rssMiB));
  console.log(
    `${'ledger'.padEnd(32)}${wall.toFixed(2)} s  (${inner.toFixed(2)} s without start-up)  ${rate(frames, inner)}  peak RSS ${peak.toFixed(0)} MiB`,
  );
  console.log(JSON.stringify(runs[0]?.own.classes));
}

/** What a second thread gives the ledger, beside what the machine gives a program that runs twice at the same time and shares nothing. */
function printThreads(file: string, frames: number): void {
  const peer = matchesNothing(file);
  const rounds = Array.from({ length: LEDGER_RUNS }, () => {
    const [one, two] = [peer.argv, ['sh', '-c', '"$@" & "$@"; wait', 'sh', ...peer.argv]].map((argv) => runTimed(argv)?.wall);
    return {
      own: runLedger(file, frames, 1).own.seconds / runLedger(file, frames, 2).own.seconds,
      ...(one === undefined || two === undefined ? {} : { machine: (2 * one) / two }),
    };
  });
  console.log(`two threads: ledger ${median(rounds.map(({ own }) => own)).toFixed(2)} x as fast as with one`);
  const machine = rounds.flatMap((round) => round.machine ?? []);
  if (machine.length > 0) console.log(`two at once: ${peer.name} does ${median(machine).toFixed(2)} x the work of one in the same time`);
}

function programLine({ name }: ComparedProgram, rounds: readonly Round[], frames: number): string {
  const [first] = rounds;
  if (first === undefined) return `${name.padEnd(32)}not installed`;
  const wall = median(rounds.map((round) => round.wall));
  return `${name.padEnd(32)}${wall.toFixed(2)} s  ${rate(frames, wall)}  ${first.lines} lines`;
}

function rate(frames: number, seconds: number): string {
  return `${(frames / seconds / 1e6).toFixed(3)} M frames/s`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function secondsSince(begin: bigint): number {
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++;
  return lines;
}

if (process.argv[2] === '--measure')
  await measureHere(process.argv[3]!, process.argv[4] === undefined ? undefined : Number(process.argv[4]));
else {
  const asked = Number(process.argv[2] ?? 1_000_000);
  for (const capture of CAPTURES) measureCapture(capture, asked);
  for (const judged of JUDGED) measureJudge(judged, asked);
}
