import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { nodePairs } from '../../model/node-pairs.ts';
import type { Phase, TrafficRecord } from '../../model/recording.ts';
import { eachOf } from '../../proc/each-of.ts';
import type { RecordingSession } from '../session.ts';
import { driveFlows } from './drive-flows.ts';
import { planFlows } from './plan-flows.ts';
import { type PlannedFlow, plannedCanaries } from './planned-flow.ts';
import { HEAD_START_MS, OPENING_PACE_MS, openingMs } from './waits.ts';

/**
 * Sources of one direction that open their pairs at the same time: all of any lab. Both directions are no more connections than an API server
 * serves at once.
 */
const SOURCES_AT_ONCE = 32;

/** Prefix of the id of a flow that opens a pair of nodes. */
export const OPENING_PREFIX = 'open/';

/** One flow for each ordered pair of nodes and family: from the first pod of one to the first pod of the other. */
export function openingFlows(flows: readonly PlannedFlow[], canary: () => string = () => randomBytes(16).toString('hex')): PlannedFlow[] {
  const opened = new Set<string>();
  return flows.flatMap((flow) => {
    const { path, protocol, family, source, destination, bytes } = flow;
    const pair = [family, source.node, destination.node].join(' ');
    if (path !== 'pod-pod' || protocol !== 'udp' || bytes > 0 || opened.has(pair)) return [];
    opened.add(pair);
    return [{ ...flow, id: `${OPENING_PREFIX}${flow.id}`, canary: canary(), count: 1 }];
  });
}

/**
 * One direction of each pair of nodes, and the other. Two ends of WireGuard that start together may drop each other's handshake again and
 * again ({@link HEAD_START_MS}), so one direction opens the pair and the other finds a session.
 */
export function openingDirections(flows: readonly PlannedFlow[]): readonly [first: PlannedFlow[], second: PlannedFlow[]] {
  const { first = [], second = [] } = Object.groupBy(flows, ({ source, destination }) =>
    (source.node ?? '') < (destination.node ?? '') ? 'first' : 'second',
  );
  return [first, second];
}

/**
 * Send first packets between every pair of nodes before flows between them are judged, to set up sessions, neighbour entries and connection
 * tracking. Many pairs at once, each until its request is answered or the time that its protocols need has passed. The requests are ordinary
 * flows: recorded under the same captures, each with a canary, so that a leak here is seen too.
 */
export async function openPairs(session: RecordingSession, phase: Phase): Promise<void> {
  const { cluster, intent, writer, signal, progress, sample } = session;
  const flows = openingFlows(planFlows(cluster.description, intent, 'all', nodePairs(cluster.description, sample)));
  const limitMs = openingMs(intent.mode);
  writer.event('pairs-opening', { phase, pairs: flows.length, limitMs });
  writer.event('traffic-planned', { phase, flows: plannedCanaries(flows) });
  const waits = { patienceMs: 0, answerMs: limitMs, againMs: OPENING_PACE_MS };
  const records: TrafficRecord[] = [];
  const open = (direction: readonly PlannedFlow[]) =>
    eachOf(
      Map.groupBy(direction, ({ source }) => source.name),
      SOURCES_AT_ONCE,
      async ([name, group]) => {
        records.push(...(await driveFlows(cluster.workloads.shell(name), group, phase, () => writer.now(), { waits, signal })));
      },
    );
  const [first, second] = openingDirections(flows);
  const opened = open(first);
  const headStart = pause(HEAD_START_MS, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
  await Promise.all([opened, Promise.race([opened, headStart]).then(() => open(second))]);
  writer.traffic(records);
  const pairs = records.map(describePair);
  writer.event('pairs-opened', { phase, pairs });
  const slow = pairs.filter(({ answered, ms }) => !answered || ms > 2 * OPENING_PACE_MS);
  const said = slow.map(
    ({ from, to, answered, ms }) => `${from} -> ${to} ${answered ? `after ${(ms / 1000).toFixed(1)} s` : 'not answered'}`,
  );
  if (slow.length > 0) progress(`opening ${pairs.length} pairs of nodes: ${said.join(', ')}`);
}

function describePair({ source, destination, family, sent, answered, startedAt, endedAt }: TrafficRecord) {
  const ms = Math.round(endedAt.monotonicMs - startedAt.monotonicMs);
  return { from: source.node, to: destination.node, family, requests: sent, answered: answered > 0, ms };
}
