import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Instant, TrafficRecord } from '../../model/recording.ts';
import type { CommandResult, RunningCommand, Shell } from '../../model/shell.ts';
import { later, streamWords } from './flow-words.ts';
import type { PlannedFlow } from './planned-flow.ts';

/** Milliseconds between two requests of a stream. */
export const LOAD_INTERVAL_MS = 50;
/** Milliseconds an answer may take; a request without one is lost. TCP's first retransmission comes after 1 s and still counts. */
const ANSWER_MS = 2000;
/** Requests of each stream between two lines of progress. */
const ROUND = 10;
const READY_MS = 30_000;
/** Far above what a round takes; a load that says nothing for so long hangs. */
const SILENCE_MS = 60_000;

/** The program that keeps the load going, read once; it travels with its streams by standard input into a file that it removes itself. */
const program = readFile(new URL('./load.pl', import.meta.url), 'utf8');

/** All streams of one source. They run until {@link Load.stop}. */
export class Load {
  readonly #flows: readonly PlannedFlow[];
  readonly #command: RunningCommand;
  readonly #place: string;
  readonly #now: () => Instant;
  readonly #origin: Instant;
  readonly #intervalMs: number;
  readonly #following: Promise<void>;
  #settled = 0;
  #over = false;
  #waiting: { readonly until: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  private constructor(shell: Shell, flows: readonly PlannedFlow[], command: RunningCommand, now: () => Instant, intervalMs: number) {
    this.#place = shell.name;
    this.#flows = flows;
    this.#command = command;
    this.#now = now;
    this.#origin = now();
    this.#intervalMs = intervalMs;
    this.#following = this.#follow();
  }

  /** Resolves when the first request is about to be sent. @throws CommandFailedError when the program ends before that */
  static async start(
    shell: Shell,
    flows: readonly PlannedFlow[],
    now: () => Instant,
    { intervalMs = LOAD_INTERVAL_MS, signal }: { readonly intervalMs?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Load> {
    const numbers = [intervalMs, ANSWER_MS, ROUND].map(String);
    const options = signal === undefined ? {} : { signal };
    const path = `/tmp/wirewitness-${randomBytes(6).toString('hex')}.pl`;
    const lines = flows.map((flow) => `${streamWords(flow).join('\t')}\n`);
    const stdin = `${await program}${lines.join('')}`;
    const placed = await shell.run(['sh', '-c', 'cat >"$0"', path], { stdin, timeoutMs: READY_MS, ...options });
    if (placed.exitCode !== 0) throw new Error(`${shell.name}: the load cannot be put into ${path}: ${placed.stderr.trim()}`);
    const command = await shell.start(['perl', path, ...numbers], options);
    await command.ready(/^driving$/, READY_MS);
    return new Load(shell, flows, command, now, intervalMs);
  }

  /** Resolves when every stream knows the outcome, answered or lost, of `count` requests sent after this call. */
  async requests(count: number): Promise<void> {
    const elapsed = this.#now().monotonicMs - this.#origin.monotonicMs;
    // What may have been sent by now: by the clock, or, where the load is slower than its pace, by what has been settled.
    const sent = Math.min(Math.ceil(elapsed / this.#intervalMs) + 1, this.#settled + ROUND + Math.ceil(ANSWER_MS / this.#intervalMs));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.#over) reject(new Error(`${this.#place}: the load ended before ${count} more requests were settled`));
    else this.#waiting.push({ until: sent + count, resolve, reject });
    await promise;
  }

  /** Send no more, wait for what is under way, and say what became of every request. */
  async stop(): Promise<TrafficRecord[]> {
    const result = await this.#command.stop();
    await this.#following;
    const lines = new Map(result.stdout.split('\n').map((line) => [Number(line.split('\t')[0]), line.split('\t')]));
    return this.#flows.map((flow, index) => this.#record(flow, lines.get(index + 1), result));
  }

  /** Progress comes as lines `settled N`; when the program has ended, so have all who wait. */
  async #follow(): Promise<void> {
    try {
      for (let mark = ROUND; ; mark += ROUND) {
        await this.#command.ready(new RegExp(`^settled ${mark}$`), SILENCE_MS);
        this.#settled = mark;
        this.#waiting = this.#waiting.filter(({ until, resolve }) => {
          if (mark < until) return true;
          resolve();
          return false;
        });
      }
    } catch (error) {
      this.#over = true;
      for (const { reject } of this.#waiting.splice(0)) reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #record(flow: PlannedFlow, line: readonly string[] | undefined, result: CommandResult): TrafficRecord {
    const [, sent, answered, started, ended, longest, by, losses, note] = line ?? [];
    const { path, family, protocol, source, destination, port, canary } = flow;
    const common = { phase: 'window', id: `load/${flow.id}`, path, family, protocol, source, destination, port, canary } as const;
    if (losses === undefined) {
      const why = `the load on ${this.#place} gave no account of this flow (exit code ${result.exitCode}): ${lastLine(result.stderr)}`;
      const nothing = { sent: 0, answered: 0, answeredBy: [], startedAt: this.#origin, endedAt: this.#now(), note: why };
      return { ...common, ...nothing, load: { intervalMs: this.#intervalMs, longestGapMs: 0, losses: [] } };
    }
    return {
      ...common,
      sent: Number(sent),
      answered: Number(answered),
      answeredBy: words(by),
      startedAt: later(this.#origin, Number(started)),
      endedAt: later(this.#origin, Number(ended)),
      note: note ?? '',
      load: {
        intervalMs: this.#intervalMs,
        longestGapMs: Number(longest),
        losses: words(losses).map((loss) => {
          const [sequence, at] = loss.split(':').map(Number);
          return { sequence: sequence ?? 0, at: later(this.#origin, at ?? 0) };
        }),
      },
    };
  }
}

function words(list: string | undefined): string[] {
  return list === undefined || list === '' ? [] : list.split(',');
}

/** The last line that is no progress. */
function lastLine(stderr: string): string {
  return (
    stderr
      .trim()
      .split('\n')
      .findLast((line) => !/^(driving|settled \d+)$/.test(line)) ?? ''
  );
}
