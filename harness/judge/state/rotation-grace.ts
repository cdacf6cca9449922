import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { KeyRotation } from '../../stacks/stack.ts';
import { keyIdsOf, previousKeyId } from '../window/key-ids.ts';
import { option } from './agent-config.ts';
import type { Examination } from './examination.ts';
import type { NodeState } from './node-state.ts';

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

/** A rotation after which a node still has the old key, as it may for the configured time. */
export interface RotationGrace {
  readonly old: number;
  readonly fresh: number;
  /** ISO 8601; after this time the old key is a left-over. */
  readonly until: string;
  /** Seconds from the reading until then; negative if it is in the past. */
  readonly left: number;
  /** Seconds for which the agents are configured to keep an old key, and the option that says so. */
  readonly duration: number;
  readonly option: string;
}

/**
 * The rotation that is in progress on a node, or whose time is over: its kernel has SAs of the id before the published one. The time began
 * when the kernel got the first SA of the new id. Null when there is no such SA, or no time of the new ones was printed.
 */
export function rotationGrace(x: Examination, node: NodeState): RotationGrace | null {
  const { keyRotation } = x.stack;
  const fresh = publishedId(x, node);
  if (keyRotation === null || fresh === null || !node.xfrmStates.ok) return null;
  const old = previousKeyId(fresh, keyIdsOf(x));
  const states = node.xfrmStates.value;
  if (!states.some((sa) => Number(sa.spi) === old)) return null;
  const added = states.filter((sa) => Number(sa.spi) === fresh).flatMap(addedMs);
  const readMs = Date.parse(node.xfrmStates.commands[0]?.startedAt.utc ?? '');
  if (added.length === 0 || Number.isNaN(readMs)) return null;
  const duration = durationOf(x, keyRotation);
  const untilMs = Math.min(...added) + (duration + keyRotation.reclaimSeconds) * 1000;
  return {
    old,
    fresh,
    until: new Date(untilMs).toISOString(),
    left: Math.round((untilMs - readMs) / 1000),
    duration,
    option: keyRotation.option,
  };
}

/** Whether SAs and policies of this key id are still allowed. */
export function isAllowedOld(grace: RotationGrace | null, spi: number): grace is RotationGrace {
  return grace !== null && spi === grace.old && grace.left >= 0;
}

/** `key id 3 may stay until …`, with the reason for it. */
export function describeGrace({ old, fresh, until, left, duration, option }: RotationGrace): string {
  return `a rotation from key id ${old} to ${fresh} is in progress: key id ${old} may stay until ${until}, ${left} s after the reading (${option} ${duration} s, and one minute for the next run of the agent)`;
}

/** The key id that all nodes publish, or the newer of two that follow each other. */
function publishedId(x: Examination, node: NodeState): number | null {
  const api = x.facts.state.api.find((a) => a.snapshot === node.snapshot);
  if (api === undefined || !api.nodeObjects.ok) return null;
  const ids = new Set(api.nodeObjects.value.flatMap((n) => (n.encryptionKey === undefined ? [] : [n.encryptionKey])));
  const newest = [...ids].filter((id) => [...ids].every((other) => other === id || other === previousKeyId(id, keyIdsOf(x))));
  return newest.length === 1 ? (newest[0] ?? null) : null;
}

/** When the kernel got an SA, Unix milliseconds; none where it was not printed. iproute2 prints the node's local time; nodes run on UTC. */
export function addedMs({ added }: XfrmState): number[] {
  const ms = added === undefined ? Number.NaN : Date.parse(`${added.replace(' ', 'T')}Z`);
  return Number.isNaN(ms) ? [] : [ms];
}

/** As configured; Go writes `5m`, `5m0s`, `1h30m0s`. */
function durationOf(x: Examination, { option: name, defaultSeconds }: KeyRotation): number {
  const { api, nodes } = x.facts.state;
  const entries = [...api.map((a) => a.configMap), ...nodes.map((n) => n.agentConfig)].flatMap((datum) => (datum.ok ? datum.value : []));
  const text = option(entries, name) ?? '';
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text)) return defaultSeconds;
  return [...text.matchAll(/([\d.]+)([hms])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}
