import { LOSS_COUNTERS } from '../../decode/kernel/ip-stat.ts';
import type { TrafficRecord } from '../../model/recording.ts';
import type { Datum } from '../state/node-state.ts';
import type { StateFacts } from '../state/state-facts.ts';
import type { CaptureFacts } from './capture-facts.ts';

/** Counters that a sentence names. */
const NAMED = 6;

/**
 * What is known about a flow that was not answered, as text that follows its reason: which counters of lost packets grew on its nodes
 * between the two readings, and how far its requests came. The counters count everything between the readings, not this flow alone. Empty
 * if nothing was recorded that can show it.
 */
export function explainUnanswered(flow: TrafficRecord, state: StateFacts | null, captures: readonly CaptureFacts[]): string {
  const nodes = [...new Set([flow.source.node, flow.destination.node])].filter((node) => node !== null);
  const grown = nodes.map((node) => grownOn(node, state));
  const known = grown.filter((list) => list !== null).flat();
  const counters =
    known.length > 0
      ? `; counters that grew meanwhile: ${known.slice(0, NAMED).join(', ')}${known.length > NAMED ? ` and ${known.length - NAMED} more` : ''}`
      : grown.some((list) => list !== null)
        ? '; meanwhile no counter of lost packets grew'
        : '';
  return `${counters}${wayOf(flow, nodes, captures)}`;
}

/** Counters of a node that grew; null where none was read twice. */
function grownOn(node: string, state: StateFacts | null): readonly string[] | null {
  const [before, after] = (['before', 'after'] as const).map((snapshot) =>
    state?.nodes.find((each) => each.node === node && each.snapshot === snapshot),
  );
  if (before === undefined || after === undefined) return null;
  const lists = [
    growth(before.drops, after.drops, ({ reason, direction, packets }) => [`dropped by the programs: ${reason} (${direction})`, packets]),
    growth(before.xfrmStat, after.xfrmStat, ({ name, value }) => [name, value]),
    growth(before.ipStat, after.ipStat, ({ name, value }) => [name, LOSS_COUNTERS.has(name) ? value : 0]),
  ].filter((list) => list !== null);
  return lists.length === 0 ? null : lists.flat().map((text) => `${node} ${text}`);
}

function growth<T>(
  before: Datum<readonly T[]>,
  after: Datum<readonly T[]>,
  read: (item: T) => readonly [name: string, value: number],
): readonly string[] | null {
  if (!before.ok || !after.ok) return null;
  const start = new Map(before.value.map(read));
  return after.value.map(read).flatMap(([name, value]) => {
    const by = value - (start.get(name) ?? 0);
    return by > 0 ? [`${name} by ${by}`] : [];
  });
}

/** Where its canary was readable inside the nodes: before a request is encrypted, and after it is decrypted. */
function wayOf(flow: TrafficRecord, nodes: readonly string[], captures: readonly CaptureFacts[]): string {
  const inside = captures.filter(({ record, complete }) => record.phase === flow.phase && record.vantage !== 'wire' && complete);
  const parts = nodes.flatMap((node) => {
    const own = inside.filter(({ record }) => record.node === node);
    if (own.length === 0) return [];
    const seen = own.filter(({ canaries }) => canaries.some(({ flows }) => flows.includes(flow.id)));
    return [
      seen.length === 0 ? `on ${node} it was seen nowhere` : `on ${node} it was seen at ${seen.map((c) => c.record.interface).join(', ')}`,
    ];
  });
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}
