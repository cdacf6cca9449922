import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeCountLine } from '../../decode/tcpdump/count-line.ts';
import type { RunningCommand } from '../../model/shell.ts';
import { LIMITS_MS } from '../../proc/limits.ts';
import { asUnanswered } from '../../proc/unanswered.ts';
import { watchFilters } from '../../stacks/capture-filter.ts';
import type { CaptureTarget } from '../capture.ts';

/** Enough for the headers; what is counted is not kept. */
const SNAP_LENGTH = 64;
/** Ring of each tcpdump that counts, KiB. */
const RING_KIB = 4096;
/** A reading may come this much later than it is due, milliseconds, before the program counts as lost. */
const LATE_MS = 120_000;

/** The program that counts, read once; it is sent with its command lines on standard input into a file, which it removes. */
const program = readFile(new URL('./count.pl', import.meta.url), 'utf8');

/** What a counter needs besides its place. */
export interface CounterOptions {
  readonly readingMs: number;
  /** Writes a line into the journal. */
  readonly onLine: (event: string, detail: Readonly<Record<string, unknown>>) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Counts the frames of one interface by the two filters of a long watch, and keeps none of them. Each reading goes into the journal as it
 * was printed. A counter that is lost loses its own readings only.
 */
export class FrameCounter {
  readonly #target: CaptureTarget;
  readonly #options: CounterOptions;
  readonly #command: RunningCommand;
  readonly #pid: string;
  readonly #over: Promise<void>;
  #answer: () => void = () => {};

  private constructor(target: CaptureTarget, options: CounterOptions, command: RunningCommand, pid: string) {
    this.#target = target;
    this.#options = options;
    this.#command = command;
    this.#pid = pid;
    this.#over = this.#follow();
  }

  /** Resolves when both filters are in place and everything has been read once. */
  static async start(target: CaptureTarget, options: CounterOptions): Promise<FrameCounter> {
    const { shell, vantage, node, interface: device } = target;
    const { readingMs, signal } = options;
    const limits = signal === undefined ? {} : { signal };
    const { kept, counted } = watchFilters(vantage);
    const argvs = [kept, counted].map((filter) => countingArgv(device, filter));
    const path = `/tmp/wirewitness-${randomBytes(6).toString('hex')}.pl`;
    const lines = [device, String(readingMs), ...argvs.flatMap((argv) => [String(argv.length), ...argv])];
    const stdin = `${await program}${lines.join('\n')}\n`;
    const placed = await shell.run(['sh', '-c', 'cat >"$0"', path], { stdin, timeoutMs: LIMITS_MS.open, ...limits });
    if (placed.exitCode !== 0) throw new Error(`${shell.name}: the counter cannot be put into ${path}: ${placed.stderr.trim()}`);
    const command = await shell.start(['perl', path], limits);
    const said = await command.ready(/^counting \d+$/, LIMITS_MS.open);
    options.onLine('watch-counting', { vantage, node, interface: device, argvs });
    const counter = new FrameCounter(target, options, command, said.split(' ')[1] ?? '');
    await command.ready(/^reading 0 /, LIMITS_MS.open);
    return counter;
  }

  /** One more reading at once. One that does not come is missing in the journal; the judge decides what that means. */
  async read(): Promise<void> {
    this.#options.onLine('watch-asked', this.#place);
    const answered = new Promise<void>((resolve) => {
      this.#answer = resolve;
    });
    if (await this.#signal('USR2')) await Promise.race([answered, this.#over]);
  }

  /** One more reading, then the end. What the tcpdumps printed goes into the journal. */
  async stop(): Promise<void> {
    if (await this.#signal('USR1')) await this.#over;
    const stop = ['perl'];
    const { exitCode, stderr } = await this.#command.stop().catch(asUnanswered(stop));
    await this.#over;
    const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('reading '));
    this.#options.onLine('watch-counted', { ...this.#place, exitCode, said });
  }

  /** Whether the program could be told. */
  async #signal(name: string): Promise<boolean> {
    const argv = ['sh', '-c', `kill -${name} "$0"`, this.#pid];
    const { exitCode } = await this.#target.shell.run(argv, { timeoutMs: LIMITS_MS.control }).catch(asUnanswered(argv));
    return exitCode === 0;
  }

  get #place(): { readonly node: string | null; readonly interface: string } {
    return { node: this.#target.node, interface: this.#target.interface };
  }

  /** Until the final reading, or the end of the program. */
  async #follow(): Promise<void> {
    const { readingMs, onLine } = this.#options;
    try {
      for (let number = 0; ; number += 1) {
        const line = await this.#command.ready(new RegExp(`^reading ${number} `), readingMs + LATE_MS);
        onLine('watch-reading', { ...this.#place, line });
        const reading = decodeCountLine(line);
        if (reading?.asked === true) this.#answer();
        if (reading?.final === true) return;
      }
    } catch (error) {
      onLine('watch-count-lost', { ...this.#place, problem: error instanceof Error ? error.message : String(error) });
    }
  }
}

function countingArgv(device: string, filter: string): string[] {
  const options = ['-n', '-Z', 'root', '-i', device, '-s', String(SNAP_LENGTH), '-B', String(RING_KIB), '-w', '/dev/null'];
  return ['tcpdump', ...options, filter];
}
