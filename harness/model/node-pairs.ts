import { createHash } from 'node:crypto';
import type { ClusterDescription } from './cluster.ts';
import type { Sample } from './sample.ts';
import { reachedNodes } from './scope.ts';

/** The ordered pairs of nodes that traffic is driven between. */
export interface NodePairs {
  /** Number of ordered pairs. */
  readonly size: number;
  has(from: string, to: string): boolean;
  /** Nodes that a node sends requests to. */
  partnersOf(from: string): readonly string[];
}

/** The pairs of a sample among the nodes that were reached; without one all of them. */
export function nodePairs(cluster: Pick<ClusterDescription, 'nodes'>, sample: Sample | undefined): NodePairs {
  const names = reachedNodes(cluster).map(({ name }) => name);
  const partners = sample === undefined ? new Map(names.map((from) => [from, names.filter((to) => to !== from)])) : sampled(names, sample);
  const sets = new Map([...partners].map(([from, to]) => [from, new Set(to)]));
  return {
    size: [...partners.values()].reduce((sum, { length }) => sum + length, 0),
    has: (from, to) => sets.get(from)?.has(to) === true,
    partnersOf: (from) => partners.get(from) ?? [],
  };
}

/** Rounds after which all ordered pairs of so many nodes were driven. */
export function roundsOf(nodes: number, partners: number): number {
  return Math.ceil((nodes - 1) / partners);
}

/** SHA-256 of the names of nodes: the rounds of one seed belong together only as long as the nodes stay the same. */
export function ringDigest(names: readonly string[]): string {
  return createHash('sha256').update(names.toSorted().join('\n')).digest('hex');
}

function sampled(names: readonly string[], { partners, seed, round }: Sample): ReadonlyMap<string, readonly string[]> {
  const ring = inOrderOf(names, (name) => `${seed} node ${name}`);
  const distances = inOrderOf(
    ring.slice(1).map((_, index) => index + 1),
    (distance) => `${seed} distance ${distance}`,
  );
  const count = Math.min(partners, distances.length);
  const own = Array.from({ length: count }, (_, index) => distances[(round * count + index) % distances.length]!);
  return new Map(ring.map((from, place) => [from, own.map((distance) => ring[(place + distance) % ring.length]!)]));
}

function inOrderOf<Item>(items: readonly Item[], text: (item: Item) => string): Item[] {
  const hashed = items.map((item) => [createHash('sha256').update(text(item)).digest('hex'), item] as const);
  return hashed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
}
