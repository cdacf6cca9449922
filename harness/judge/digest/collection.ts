import { createHash, createHmac } from 'node:crypto';
import { planOf, planText } from '../../model/plan.ts';
import type { RecordingManifest } from '../../model/recording.ts';
import type { AnyCheck } from '../check.ts';
import { isOfNodes, nodeIndexes } from './node-digest.ts';

/** Length of the key that the recorders and the collector of one cluster share, bytes. */
export const COLLECTION_KEY_BYTES = 32;

/** What all digests of one collection have in common: the plan by which the nodes were read, the checks, and a key. */
export interface Collection {
  /** What was claimed of which nodes; what a recording saw does not count. */
  readonly plan: RecordingManifest;
  /** SHA-256 of the plan, hexadecimal. */
  readonly planHash: string;
  /** Names of the nodes, in the order of their indexes. */
  readonly nodes: readonly string[];
  /** Ids of the checks that a digest answers. */
  readonly checks: readonly string[];
  /** For the fingerprints of the kernels' keys: equal keys of two nodes have equal fingerprints, and reveal nothing to others. */
  readonly fingerprintKey: Uint8Array;
  /** For the seal of each digest. */
  readonly sealKey: Uint8Array;
}

/** @param key {@link COLLECTION_KEY_BYTES} random bytes. @throws RangeError for another length */
export function collectionOf(plan: RecordingManifest, key: Uint8Array, checks: readonly AnyCheck[]): Collection {
  if (key.length !== COLLECTION_KEY_BYTES) throw new RangeError(`the key has ${key.length} bytes, not ${COLLECTION_KEY_BYTES}`);
  const derived = (purpose: string): Uint8Array => createHmac('sha256', key).update(`wirewitness digest ${purpose}`).digest();
  return {
    plan,
    planHash: createHash('sha256')
      .update(planText(planOf(plan)))
      .digest('hex'),
    nodes: [...nodeIndexes(plan).keys()],
    checks: checks.filter(isOfNodes).map(({ id }) => id),
    fingerprintKey: derived('fingerprints'),
    sealKey: derived('seal'),
  };
}

/** Says which key named the fingerprints of a digest: only digests with the same words can be compared. */
export function fingerprintsOf({ plan, fingerprintKey }: Collection, source: 'worker' | 'recording'): string {
  if (source === 'recording') return `recording ${plan.run.id}`;
  return `worker ${createHmac('sha256', fingerprintKey).update('id').digest('hex').slice(0, 16)}`;
}
