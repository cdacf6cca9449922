import type { CryptoSighting } from '../../model/crypto.ts';
import type { CommandRecord } from '../../model/recording.ts';

/** One reading of one place: a node, or the API server. */
export interface CryptoReading<T> {
  readonly command: CommandRecord;
  /** The things it showed, by identity: two values of one identity are one thing, seen twice. */
  readonly shown: ReadonlyMap<string, T>;
}

interface Trace<T> {
  value: T;
  readonly nodes: Map<string | null, { last: number }>;
  first: CommandRecord;
  last: CommandRecord;
}

/**
 * Merge readings into things with their first and last time, in the order in which they were first seen. A thing is gone if every place
 * that showed it was read again without it. The last value of an identity counts.
 */
export function sightings<T>(readings: readonly CryptoReading<T>[]): readonly { readonly value: T; readonly seen: CryptoSighting }[] {
  const ordered = [...readings].sort((a, b) => a.command.startedAt.monotonicMs - b.command.startedAt.monotonicMs);
  const traces = new Map<string, Trace<T>>();
  for (const [index, { command, shown }] of ordered.entries())
    for (const [identity, value] of shown) {
      const trace = traces.get(identity) ?? { value, nodes: new Map(), first: command, last: command };
      traces.set(identity, trace);
      trace.value = value;
      trace.last = command;
      trace.nodes.set(command.node, { last: index });
    }
  return [...traces.values()].map((trace) => ({
    value: trace.value,
    seen: {
      firstSeen: trace.first.startedAt.utc,
      lastSeen: trace.last.startedAt.utc,
      goneBy: goneBy(ordered, trace),
      nodes: [...trace.nodes.keys()].filter((node) => node !== null).sort(),
      evidence: [...new Set([trace.first.stdout, trace.last.stdout])],
    },
  }));
}

function goneBy<T>(ordered: readonly CryptoReading<T>[], trace: Trace<T>): string | null {
  let latest: CommandRecord | null = null;
  for (const [node, { last }] of trace.nodes) {
    const next = ordered.find((reading, index) => index > last && reading.command.node === node);
    if (next === undefined) return null;
    if (latest === null || next.command.startedAt.monotonicMs > latest.startedAt.monotonicMs) latest = next.command;
  }
  return latest?.startedAt.utc ?? null;
}
