import type { Snapshot } from '../../model/recording.ts';
import type { IpsecProfile } from '../../stacks/profile.ts';
import type { Examination } from '../state/examination.ts';
import { eventsOf } from './moments.ts';

/** Valid key ids, inclusive: after the last comes the first. */
type KeyIds = IpsecProfile['keyIds']['value'];

/** Key ids of the claimed version. */
export function keyIdsOf(x: Examination): KeyIds {
  return x.ipsec.keyIds.value;
}

function nextKeyId(id: number, { min, max }: KeyIds): number {
  return id >= max ? min : id + 1;
}

/** The key id before another. */
export function previousKeyId(id: number, { min, max }: KeyIds): number {
  return id <= min ? max : id - 1;
}

/** The key id that each node publishes in a snapshot; a node that publishes none is a gap. */
export function publishedIds(x: Examination, snapshot: Snapshot): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const api = x.facts.state.api.find((a) => a.snapshot === snapshot);
  const nodes = api === undefined ? undefined : x.use(api.nodeObjects);
  if (nodes === undefined) {
    if (api === undefined) x.gap(`the API server was not read in the snapshot ${snapshot}`);
    return found;
  }
  for (const { name } of x.facts.manifest.cluster.nodes) {
    const id = nodes.find((n) => n.name === name)?.encryptionKey;
    if (id === undefined) x.gap(`${snapshot}: node ${name} publishes no key id`);
    else found.set(name, id);
  }
  return found;
}

/** The id that all nodes published before a rotation, and the next one; null, and a gap, if they did not all publish the same one. */
export function rotationIds(x: Examination): { readonly old: number; readonly fresh: number } | null {
  const rotations = eventsOf(x.facts, 'rotation-started').length;
  if (rotations > 1) {
    x.gap(`the key was rotated ${rotations} times in one window, so the order of the key ids is not known: record one rotation at a time`);
    return null;
  }
  const before = new Set(publishedIds(x, 'before').values());
  const [old, ...more] = before;
  if (old === undefined) return null;
  if (more.length > 0) {
    x.gap(`before the rotation the nodes publish several key ids: ${[...before].join(', ')}`);
    return null;
  }
  return { old, fresh: nextKeyId(old, keyIdsOf(x)) };
}
