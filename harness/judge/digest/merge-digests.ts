import type { NodeDigest } from './node-digest.ts';

/** Digests by node. */
export type MergedDigests = ReadonlyMap<string, NodeDigest>;

const TWICE = 'two recorders wrote a digest of this node';

/**
 * Collections as one. Associative and commutative, so that collectors may take digests in any order and in groups. A node that is in
 * two of them is an error of the set-up: neither digest is kept, and the node says so.
 */
export function mergeDigests(...parts: readonly MergedDigests[]): MergedDigests {
  const merged = new Map<string, NodeDigest>();
  for (const part of parts) for (const [node, digest] of part) merged.set(node, merged.has(node) ? lost(node, TWICE) : digest);
  return merged;
}

/** The digest of a node about which nothing is known. */
export function lost(node: string, why: string): NodeDigest {
  return { node, gaps: [why], verdicts: [], ends: [] };
}
