import type { Snapshot } from '../../model/recording.ts';
import type { Examination } from '../state/examination.ts';
import { eventsOf } from './moments.ts';

/** Cilium's key ids are four bits, 1 to 15: after 15 comes 1 (documentation, "Key Rotation"). */
export function nextKeyId(id: number): number {
  return id >= 15 ? 1 : id + 1;
}

/** The key id before another: before 1 comes 15. */
export function previousKeyId(id: number): number {
  return id <= 1 ? 15 : id - 1;
}

/** The key id that each node publishes in a snapshot; a node that publishes none is a gap. */
export function publishedIds(x: Examination, snapshot: Snapshot): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const api = x.facts.state.api.find((a) => a.snapshot === snapshot);
  const nodes = api === undefined ? undefined : x.use(api.ciliumNodes);
  if (nodes === undefined) {
    if (api === undefined) x.gap(`the API server was not read in the snapshot ${snapshot}`);
    return found;
  }
  for (const { name } of x.facts.manifest.cluster.nodes) {
    const id = nodes.find((n) => n.name === name)?.encryptionKey;
    if (id === undefined) x.gap(`${snapshot}: CiliumNode ${name} publishes no key id`);
    else found.set(name, id);
  }
  return found;
}

/** The one id all nodes published before a rotation, and the one that must follow; null, and a gap, where it is not one. */
export function rotationIds(x: Examination): { readonly old: number; readonly fresh: number } | null {
  const rotations = eventsOf(x.facts, 'rotation-started').length;
  if (rotations > 1) {
    x.gap(`the key was rotated ${rotations} times in one window: which id follows which cannot be told; record one rotation at a time`);
    return null;
  }
  const before = new Set(publishedIds(x, 'before').values());
  const [old, ...more] = before;
  if (old === undefined) return null;
  if (more.length > 0) {
    x.gap(`before the rotation the nodes publish key ids ${[...before].join(', ')}, not one`);
    return null;
  }
  return { old, fresh: nextKeyId(old) };
}
