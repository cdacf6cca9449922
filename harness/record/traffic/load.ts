import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Instant, TrafficRecord } from '../../model/recording.ts';
import type { CommandResult, RunningCommand, Shell } from '../../model/shell.ts';
import { asUnanswered } from '../../proc/unanswered.ts';
import { later, streamWords } from './flow-words.ts';
import type { LoadFlow } from './planned-flow.ts';
import { ANSWER_MS } from './waits.ts';

/**
 * Milliseconds between two requests of a stream. An HTTP request needs a connection and about twelve packets, so it is sent less often: on
 * an emulated machine the same rate would use all its time.
 */
const INTERVAL_MS = { udp: 100, icmp: 100, tcp: 500 } as const;
/** Milliseconds of the load between two lines of progress. */
const STEP_MS = 250;
/** A long watch needs few requests: they show that the pods still reach each other, and their account must stay small for a day. */
export const WATCH_LOAD = { intervals: { udp: 1000, icmp: 1000, tcp: 2000 }, stepMs: 5000 } as const;
/** Fewest requests of each stream with a known result after any wait, also on a slow machine. */
const LEAST_REQUESTS = 5;
const READY_MS = 30_000;
/** Much longer than any step; a load without output for this time hangs. */
const SILENCE_MS = 60_000;

/** The program that keeps the load going, read once; it is sent with its streams on standard input into a file, which it removes. */
const program = readFile(new URL('./load.pl', import.meta.url), 'utf8');

/** Milliseconds between two requests of a stream. */
type Intervals = Readonly<Record<LoadFlow['protocol'], number>>;

interface Waiting {
  /** Milliseconds of the load, and requests of each stream with a known result; both must be reached. */
  readonly until: number;
  readonly least: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** All streams of one source. They run until {@link Load.stop}. */
export class Load {
  readonly #flows: readonly LoadFlow[];
  readonly #command: RunningCommand;
  readonly #place: string;
  readonly #now: () => Instant;
  readonly #origin: Instant;
  readonly #intervals: Intervals;
  readonly #stepMs: number;
  readonly #following: Promise<void>;
  #least = 0;
  #over = false;
  #waiting: Waiting[] = [];

  private constructor(
    shell: Shell,
    flows: readonly LoadFlow[],
    command: RunningCommand,
    now: () => Instant,
    { intervals, stepMs }: { readonly intervals: Intervals; readonly stepMs: number },
  ) {
    this.#place = shell.name;
    this.#flows = flows;
    this.#command = command;
    this.#now = now;
    this.#origin = now();
    this.#intervals = intervals;
    this.#stepMs = stepMs;
    this.#following = this.#follow();
  }

  /** Resolves when the first request is about to be sent. @throws CommandFailedError when the program ends before that */
  static async start(
    shell: Shell,
    flows: readonly LoadFlow[],
    now: () => Instant,
    {
      intervals = INTERVAL_MS,
      stepMs = STEP_MS,
      signal,
    }: { readonly intervals?: Intervals; readonly stepMs?: number; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Load> {
    const options = signal === undefined ? {} : { signal };
    const path = `/tmp/wirewitness-${randomBytes(6).toString('hex')}.pl`;
    const lines = flows.map((flow) => `${[...streamWords(flow), intervals[flow.protocol]].join('\t')}\n`);
    const stdin = `${await program}${lines.join('')}`;
    const placed = await shell.run(['sh', '-c', 'cat >"$0"', path], { stdin, timeoutMs: READY_MS, ...options });
    if (placed.exitCode !== 0) throw new Error(`${shell.name}: the load cannot be put into ${path}: ${placed.stderr.trim()}`);
    const command = await shell.start(['perl', path, String(ANSWER_MS), String(stepMs)], options);
    await command.ready(/^driving$/, READY_MS);
    return new Load(shell, flows, command, now, { intervals, stepMs });
  }

  /**
   * Resolves when the result, answered or lost, of every request sent in the next `ms` milliseconds is known, and of at least a few of each
   * stream: time measured on the traffic.
   */
  async lasts(ms: number): Promise<void> {
    if (this.#over) throw new Error(`${this.#place}: the load ended before ${ms} ms of it were over`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const elapsed = this.#now().monotonicMs - this.#origin.monotonicMs;
    this.#waiting.push({ until: elapsed + ms, least: this.#least + LEAST_REQUESTS, resolve, reject });
    await promise;
  }

  /** Stop sending, wait for outstanding requests, and return the result of every request. */
  async stop(): Promise<TrafficRecord[]> {
    const result = await this.#command.stop().catch(asUnanswered(['perl']));
    const over = this.#now();
    await this.#following;
    const lines = new Map(result.stdout.split('\n').map((line) => [Number(line.split('\t')[0]), line.split('\t')]));
    return this.#flows.map((flow, index) => this.#record(flow, lines.get(index + 1), { ...result, over }));
  }

  /** Progress is printed as lines `settled T N`; when the program has ended, all waits end. */
  async #follow(): Promise<void> {
    try {
      for (let mark = this.#stepMs; ; mark += this.#stepMs) {
        const line = await this.#command.ready(new RegExp(`^settled ${mark} `), SILENCE_MS);
        this.#least = Number(line.split(' ')[2]);
        this.#waiting = this.#waiting.filter(({ until, least, resolve }) => {
          if (mark < until || this.#least < least) return true;
          resolve();
          return false;
        });
      }
    } catch (error) {
      this.#over = true;
      for (const { reject } of this.#waiting.splice(0)) reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #record(flow: LoadFlow, line: readonly string[] | undefined, result: CommandResult & { readonly over: Instant }): TrafficRecord {
    const [, sent, answered, started, ended, longest, by, losses, note] = line ?? [];
    const { path, family, protocol, source, destination, port, canary } = flow;
    const common = { phase: 'window', id: flow.id, path, family, protocol, source, destination, port, canary } as const;
    if (losses === undefined) {
      const why = `the load on ${this.#place} gave no account of this flow (exit code ${result.exitCode}): ${lastLine(result.stderr)}`;
      const nothing = { sent: 0, answered: 0, answeredBy: [], startedAt: this.#origin, endedAt: this.#now(), note: why };
      return { ...common, ...nothing, load: { intervalMs: this.#intervals[protocol], longestGapMs: 0, losses: [] } };
    }
    return {
      ...common,
      sent: Number(sent),
      answered: Number(answered),
      answeredBy: words(by),
      startedAt: later(this.#origin, Number(started)),
      // The origin is known late by the time a line takes, and nothing ended after the result was here.
      endedAt: earlierOf(later(this.#origin, Number(ended)), result.over),
      note: note ?? '',
      load: {
        intervalMs: this.#intervals[protocol],
        longestGapMs: Number(longest),
        losses: words(losses).map((loss) => {
          const [sequence, at] = loss.split(':').map(Number);
          return { sequence: sequence ?? 0, at: later(this.#origin, at ?? 0) };
        }),
      },
    };
  }
}

function earlierOf(a: Instant, b: Instant): Instant {
  return a.monotonicMs <= b.monotonicMs ? a : b;
}

function words(list: string | undefined): string[] {
  return list === undefined || list === '' ? [] : list.split(',');
}

/** The last line that is not progress. */
function lastLine(stderr: string): string {
  return (
    stderr
      .trim()
      .split('\n')
      .findLast((line) => !/^(driving|settled [\d ]+)$/.test(line)) ?? ''
  );
}
