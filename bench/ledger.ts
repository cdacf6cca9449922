/**
 * `npm run bench`: the ledger beside tshark and tcpdump on one generated capture.
 *   node bench/ledger.ts [FRAMES]
 * @module
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountFor } from '../harness/judge/ledger/ledger.ts';
import { writeMixedCapture } from './mixed-capture.ts';

/** The account of one file, in a process of its own so that its memory is its own. */
async function measureHere(file: string): Promise<void> {
  const begin = process.hrtime.bigint();
  const ledger = await accountFor(createReadStream(file, { highWaterMark: 1 << 18 }), { file });
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  process.stdout.write(
    JSON.stringify({ frames: ledger.frames, seconds, rssMiB: process.resourceUsage().maxRSS / 1024, classes: ledger.classes }),
  );
}

interface Measure {
  readonly name: string;
  /** Wall time of the process, start-up included. */
  readonly seconds: number;
  readonly lines: number;
}

/** Wall time of a program that reads the file; null when the program is not installed. */
function measureProgram(name: string, argv: readonly string[]): Measure | null {
  const [program, ...rest] = argv;
  const begin = process.hrtime.bigint();
  const result = spawnSync(program!, rest, { maxBuffer: 2 ** 31, stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error && 'code' in result.error && result.error.code === 'ENOENT') return null;
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${argv.join(' ')} ended with ${result.status}: ${result.stderr.toString().slice(0, 300)}`);
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
  return { name, seconds, lines: countLines(result.stdout) };
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(10); at >= 0; at = text.indexOf(10, at + 1)) lines++;
  return lines;
}

function main(frames: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-bench-'));
  try {
    const file = join(folder, 'mixed.pcap');
    const size = writeMixedCapture(file, frames);
    console.log(`${frames} frames, ${(size / 2 ** 20).toFixed(0)} MiB, ${process.version}`);
    const begin = process.hrtime.bigint();
    const child = spawnSync(process.execPath, [import.meta.filename, '--measure', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    const wall = Number(process.hrtime.bigint() - begin) / 1e9;
    if (child.status !== 0) throw new Error(`the ledger ended with ${child.status}`);
    const own = JSON.parse(child.stdout.toString()) as { frames: number; seconds: number; rssMiB: number; classes: unknown };
    if (own.frames !== frames) throw new Error(`the ledger counted ${own.frames} frames, not ${frames}`);
    const rate = (seconds: number): string => `${(frames / seconds / 1e6).toFixed(3)} M frames/s`;
    console.log(
      `ledger              ${own.seconds.toFixed(2)} s (${wall.toFixed(2)} s with start-up)  ${rate(own.seconds)}  peak RSS ${own.rssMiB.toFixed(0)} MiB`,
    );
    console.log(`                    ${JSON.stringify(own.classes)}`);
    const rivals: [string, string[]][] = [
      ['tcpdump, no match', ['tcpdump', '-nn', '-r', file, 'udp port 1']],
      ['tcpdump, esp', ['tcpdump', '-nn', '-r', file, 'esp']],
      [
        'tshark, fields',
        [
          'tshark',
          '-n',
          '-r',
          file,
          '-T',
          'fields',
          '-e',
          'ip.src',
          '-e',
          'ip.dst',
          '-e',
          'esp.spi',
          '-e',
          'esp.sequence',
          '-e',
          'wg.type',
          '-e',
          'tcp.port',
          '-e',
          'udp.port',
        ],
      ],
      ['tshark, io,phs', ['tshark', '-n', '-q', '-r', file, '-z', 'io,phs']],
    ];
    for (const [name, argv] of rivals) {
      const rival = measureProgram(name, argv);
      if (rival === null) console.log(`${name.padEnd(20)}not installed`);
      else
        console.log(
          `${name.padEnd(20)}${rival.seconds.toFixed(2)} s  ${rate(rival.seconds)}  ${rival.lines} lines  = ${(rival.seconds / wall).toFixed(2)} x the ledger's wall time`,
        );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === '--measure') await measureHere(process.argv[3]!);
else main(Number(process.argv[2] ?? 1_000_000));
