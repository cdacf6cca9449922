import { randomBytes } from 'node:crypto';
import type { ClusterDescription } from '../model/cluster.ts';
import { ringDigest, roundsOf } from '../model/node-pairs.ts';
import type { Sample } from '../model/sample.ts';
import { reachedNodes } from '../model/scope.ts';
import { ExitError } from './exit-error.ts';

/** Up to this number of nodes all ordered pairs are driven, unless a number of partners is said. */
const ALL_PAIRS_UP_TO = 12;
/** Partners of a node in each direction, where none are said. */
const DEFAULT_PARTNERS = 3;
const MAX_PARTNERS = 1000;

/** A sample that was driven earlier, and among which nodes. */
export interface PastSample extends Sample {
  /** {@link ringDigest} of their names. */
  readonly ring: string;
}

/** How a run draws the ordered pairs of nodes that it drives. */
export interface Sampling {
  /** Said by the user: of each node in each direction. */
  readonly partners?: number;
  /** Said by the user: the seed and round of an earlier sample, which is driven again. */
  readonly again?: Pick<Sample, 'seed' | 'round'>;
  /** Samples of earlier runs of this claim, oldest first: their rounds are continued. */
  readonly past?: readonly PastSample[];
}

/** The flags about samples as on the command line. */
export interface SampleFlags {
  readonly partners?: string;
  readonly sample?: string;
}

/** @throws ExitError (usage) naming the flag and the limit */
export function planSampling({ partners, sample }: SampleFlags): Sampling {
  const count = partners === undefined ? undefined : Number(partners);
  if (count !== undefined && (!Number.isInteger(count) || count < 1 || count > MAX_PARTNERS))
    throw ExitError.usage(`--partners ${partners}: must be a whole number from 1 to ${MAX_PARTNERS}`);
  const [, seed, round] = /^([0-9a-f]{32})\/(\d{1,6})$/.exec(sample ?? '') ?? [];
  if (sample !== undefined && (seed === undefined || round === undefined))
    throw ExitError.usage(
      `--sample ${sample}: must be a seed of 32 hex digits, a slash and a round, as the report of the earlier run says`,
    );
  return {
    ...(count === undefined ? {} : { partners: count }),
    ...(seed === undefined || round === undefined ? {} : { again: { seed, round: Number(round) } }),
  };
}

/**
 * The sample that a run drives; undefined: all ordered pairs. The next round of the last sample of the same nodes with the same number of
 * partners, and after its last round, or where there is none, the first round of a new seed.
 *
 * @param newSeed 16 random bytes in hex; a parameter so that tests can know them
 */
export function nextSample(
  cluster: Pick<ClusterDescription, 'nodes'>,
  { partners: said, again, past = [] }: Sampling,
  newSeed: () => string = () => randomBytes(16).toString('hex'),
): Sample | undefined {
  const names = reachedNodes(cluster).map(({ name }) => name);
  if (said === undefined && again === undefined && names.length <= ALL_PAIRS_UP_TO) return undefined;
  const partners = said ?? DEFAULT_PARTNERS;
  if (partners >= names.length - 1) return undefined;
  if (again !== undefined) return { partners, ...again };
  const ring = ringDigest(names);
  const last = past.findLast((one) => one.ring === ring && one.partners === partners);
  return last === undefined || last.round + 1 >= roundsOf(names.length, partners)
    ? { partners, seed: newSeed(), round: 0 }
    : { partners, seed: last.seed, round: last.round + 1 };
}
