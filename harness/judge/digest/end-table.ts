import type { SaEnd } from '../state/node-ends.ts';
import { keyHash } from './key-hash.ts';

/** Bits of {@link EndTable} attributes: place, then whether the other end may be missing, then the algorithms. */
const PLACES = 16;
const MAY_LACK = 16;
const ALGORITHMS = 32;

/** SAs of one node in one direction, as numbers and not as texts: a node of a large cluster has thousands. */
export interface EndTable {
  /** For each node of the cluster, in order of their names, the index of its first SA; and one more at the end. */
  readonly offsets: Uint32Array;
  readonly spis: Uint32Array;
  /** {@link keyHash} of the fingerprints; NaN: none was printed. */
  readonly keys: Float64Array;
  /** Place, whether the other end may lack it, and the index of the algorithms. */
  readonly attributes: Uint16Array;
}

/** @param indexes the index of each node of the cluster */
export function packEnds(ends: readonly SaEnd[], indexes: ReadonlyMap<string, number>, algorithms: string[]): EndTable {
  const sorted = ends
    .flatMap((end) => {
      const index = indexes.get(end.peer);
      return index === undefined ? [] : [{ index, end }];
    })
    .sort((a, b) => a.index - b.index);
  const offsets = new Uint32Array(indexes.size + 1);
  for (const { index } of sorted) offsets[index + 1]!++;
  for (let index = 0; index < indexes.size; index++) offsets[index + 1]! += offsets[index]!;
  return {
    offsets,
    spis: Uint32Array.from(sorted, ({ end }) => end.spi),
    keys: Float64Array.from(sorted, ({ end }) => keyHash(end.key)),
    attributes: Uint16Array.from(sorted, ({ end }) => attributesOf(end, algorithms)),
  };
}

/** The SAs with the node of an index. */
export function unpackEnds(table: EndTable, index: number, peer: string, algorithms: readonly string[]): SaEnd[] {
  const ends: SaEnd[] = [];
  for (let at = table.offsets[index]!; at < table.offsets[index + 1]!; at++) {
    const attributes = table.attributes[at]!;
    const key = table.keys[at]!;
    ends.push({
      peer,
      place: attributes % PLACES,
      spi: table.spis[at]!,
      key: Number.isNaN(key) ? undefined : key,
      algorithms: algorithms[algorithmIndex(attributes)] ?? '',
      mayLack: (attributes & MAY_LACK) === 0 ? null : 'an old key that may stay for some time after a rotation',
    });
  }
  return ends;
}

/**
 * Whether the SAs of one table with the node of an index are the same as those of another table with another: SPI, key, place and algorithms of
 * each. Ends without a key are never the same. Both tables must have the same list of algorithms.
 */
export function sameEnds(a: EndTable, indexA: number, b: EndTable, indexB: number): boolean {
  const [first, other] = [a.offsets[indexA]!, b.offsets[indexB]!];
  const count = a.offsets[indexA + 1]! - first;
  if (b.offsets[indexB + 1]! - other !== count) return false;
  for (let at = 0; at < count; at++)
    if (
      a.spis[first + at] !== b.spis[other + at] ||
      a.keys[first + at] !== b.keys[other + at] ||
      a.attributes[first + at] !== b.attributes[other + at]
    )
      return false;
  return true;
}

/** Where the algorithms of an SA are in the list of its digest. */
export function algorithmIndex(attributes: number): number {
  return Math.floor(attributes / ALGORITHMS);
}

function attributesOf({ place, mayLack, algorithms: name }: SaEnd, algorithms: string[]): number {
  if (!algorithms.includes(name)) algorithms.push(name);
  const index = algorithms.indexOf(name);
  if (place >= PLACES || index >= 2 ** 16 / ALGORITHMS)
    throw new RangeError(`an SA has place ${place} and algorithm ${index}: a digest holds ${PLACES} and ${2 ** 16 / ALGORITHMS}`);
  return place + (mayLack === null ? 0 : MAY_LACK) + index * ALGORITHMS;
}
