import type { RecordingManifest } from '../../model/recording.ts';
import type { CheckVerdict } from '../../model/verdict.ts';
import type { AnyCheck } from '../check.ts';
import type { Collection } from './collection.ts';
import { type HandedIn, readDigest } from './digest-text.ts';
import { judgeDigests } from './judge-digests.ts';
import { lost, type MergedDigests, mergeDigests } from './merge-digests.ts';
import { isOfNodes } from './node-digest.ts';

/** One digest as it came. */
export interface DigestSource {
  /** Where it came from, for messages: a file, a pod. */
  readonly from: string;
  /** The node on which its recorder ran, where somebody else than the digest says so. */
  readonly node?: string;
  /** Its line; null where there is none. */
  readonly text: string | null;
  /** Why there is none. */
  readonly why?: string;
}

/** All digests of a collection. */
export interface CollectedDigests {
  readonly digests: MergedDigests;
  /** What was handed in and is of no node that can be named. */
  readonly rejected: readonly string[];
}

/** Read and merge what recorders handed in. What is broken, or of another run, plan, version or key, makes its node lost. */
export function collectDigests(sources: readonly DigestSource[], collection: Collection): CollectedDigests {
  const rejected: string[] = [];
  const handed: HandedIn[] = [];
  for (const { from, node, text, why = 'it handed in no digest' } of sources) {
    const found = text === null ? why : readDigest(text, collection);
    if (typeof found !== 'string' && (node === undefined || node === found.digest.node)) handed.push(found);
    else {
      const said = typeof found === 'string' ? `${from}: ${found}` : `${from}: it ran on ${node}, its digest is of ${found.digest.node}`;
      if (node !== undefined && collection.nodes.includes(node)) handed.push({ digest: lost(node, said), fingerprints: '' });
      else rejected.push(said);
    }
  }
  const whole = handed.filter(({ digest }) => digest.gaps.length === 0);
  const kinds = [...new Set(whole.map(({ fingerprints }) => fingerprints))].sort();
  const merged = handed.map(({ digest }): MergedDigests => {
    if (kinds.length < 2 || digest.gaps.length > 0) return new Map([[digest.node, digest]]);
    return new Map([[digest.node, lost(digest.node, `digests of several recorders with other fingerprints of keys: ${kinds.join(', ')}`)]]);
  });
  return { digests: mergeDigests(...merged), rejected };
}

/** The verdicts of a collection. */
export interface CollectionVerdicts {
  /** Of the checks that digests answer. */
  readonly verdicts: readonly CheckVerdict[];
  /** Ids of the checks for which digests are not enough. */
  readonly needMore: readonly string[];
}

export function judgeCollection(plan: RecordingManifest, digests: MergedDigests, checks: readonly AnyCheck[]): CollectionVerdicts {
  const answered = new Set(checks.filter(isOfNodes).map(({ id }) => id));
  const all = judgeDigests(plan, digests, checks);
  return {
    verdicts: all.filter(({ id }) => answered.has(id)),
    needMore: checks.flatMap(({ id }) => (answered.has(id) ? [] : [id])),
  };
}
