import { readFile } from 'node:fs/promises';
import type { Instant, Phase, TrafficRecord } from '../../model/recording.ts';
import type { Shell } from '../../model/shell.ts';
import { later, streamWords } from './flow-words.ts';
import type { PlannedFlow } from './planned-flow.ts';

/**
 * Seconds a request waits for its answer before it counts as lost. TCP sends a SYN again after one second (RFC 6298), so a connection is
 * given the time that this needs.
 */
const ANSWER_SECONDS = { tcp: 2, udp: 1, icmp: 1 } as const;

/** The program that drives flows, read once; it travels by argv, the flows by standard input. */
const driver = readFile(new URL('./driver.pl', import.meta.url), 'utf8');

/**
 * Drive all flows of one source from its network namespace, in order, and say what came back. A flow the driver said
 * nothing about is recorded with nothing answered and the driver's own error, so that it can't pass.
 */
export async function driveFlows(
  shell: Shell,
  flows: readonly PlannedFlow[],
  phase: Phase,
  now: () => Instant,
  signal?: AbortSignal,
): Promise<TrafficRecord[]> {
  const lines = flows.map((flow, index) => driverLine(flow, index));
  const startedAt = now();
  const worst = flows.reduce((sum, flow) => sum + flow.count * ANSWER_SECONDS[flow.protocol], 0) * 2000 + 30_000;
  const result = await shell.run(['perl', '-e', await driver], {
    stdin: `${lines.join('\n')}\n`,
    timeoutMs: worst,
    ...(signal === undefined ? {} : { signal }),
  });
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

function driverLine(flow: PlannedFlow, index: number): string {
  return [index + 1, ...streamWords(flow), flow.count, flow.bytes, ANSWER_SECONDS[flow.protocol]].join('\t');
}
