import { readFile } from 'node:fs/promises';
import type { Instant, Phase, TrafficRecord } from '../../model/recording.ts';
import type { Shell } from '../../model/shell.ts';
import { asUnanswered } from '../../proc/unanswered.ts';
import { later, streamWords } from './flow-words.ts';
import type { PlannedFlow } from './planned-flow.ts';
import { ANSWER_MS, PATIENCE_MS } from './waits.ts';

/**
 * The program that drives flows, read once; it is sent on standard input, followed by the flows, because some servers refuse a command that
 * long.
 */
const driver = readFile(new URL('./driver.pl', import.meta.url), 'utf8');

/** Time limits in milliseconds. */
export interface Waits {
  /** After this time the next request is sent although one has no answer. */
  readonly patienceMs: number;
  /** Longest wait for an answer. */
  readonly answerMs: number;
  /** Time between two attempts of the same UDP request; 0 for one attempt only. */
  readonly againMs: number;
}

const USUAL: Waits = { patienceMs: PATIENCE_MS, answerMs: ANSWER_MS, againMs: 0 };
/** Time to start the driver and to send its requests on a busy machine. */
const START_MS = 60_000;

/**
 * Drive all flows of one source from its network namespace, in order, and record the answers. A flow without a result of the driver is
 * recorded as not answered, with the driver's error, so that it cannot pass.
 */
export async function driveFlows(
  shell: Shell,
  flows: readonly PlannedFlow[],
  phase: Phase,
  now: () => Instant,
  { waits = USUAL, signal }: { readonly waits?: Waits; readonly signal?: AbortSignal | undefined } = {},
): Promise<TrafficRecord[]> {
  const lines = flows.map((flow, index) =>
    [index + 1, ...streamWords(flow), flow.count, flow.bytes, waits.answerMs, waits.againMs, flow.request ?? ''].join('\t'),
  );
  const startedAt = now();
  const requests = flows.reduce((sum, flow) => sum + flow.count, 0);
  const argv = ['perl', '-', String(waits.patienceMs)];
  const result = await shell
    .run(argv, {
      stdin: `${await driver}${lines.join('\n')}\n`,
      timeoutMs: START_MS + 2 * (requests * waits.patienceMs + waits.answerMs),
      ...(signal === undefined ? {} : { signal }),
    })
    .catch(asUnanswered(argv));
  const outcomes = new Map(result.stdout.split('\n').map((line) => [Number(line.split('\t')[0]), line.split('\t')]));
  return flows.map((flow, index) => {
    const [, sent, answered, started, ended, by, note] = outcomes.get(index + 1) ?? [];
    const common = {
      phase,
      id: flow.id,
      path: flow.path,
      family: flow.family,
      protocol: flow.protocol,
      source: flow.source,
      destination: flow.destination,
      port: flow.port,
      canary: flow.canary,
      ...(flow.bytes > 0 ? { largeBytes: flow.bytes } : {}),
    };
    if (ended === undefined) {
      const why = result.stderr.trim().split('\n')[0] ?? '';
      const silent = `the traffic driver on ${shell.name} gave no answer for this flow (exit code ${result.exitCode}): ${why}`;
      return { ...common, sent: 0, answered: 0, answeredBy: [], startedAt, endedAt: now(), note: silent };
    }
    return {
      ...common,
      sent: Number(sent),
      answered: Number(answered),
      answeredBy: by === undefined || by === '' ? [] : by.split(','),
      startedAt: later(startedAt, Number(started)),
      endedAt: later(startedAt, Number(ended)),
      note: note ?? '',
    };
  });
}
