import { PUBLIC_KEYS } from '../../harness/model/comparable-keys.ts';
import { oneLine } from '../printable.ts';
import type { RunSummary } from './entry.ts';

/** Keys that the same runs have. */
export interface SharedKeys {
  readonly kind: 'secret key' | 'WireGuard key pair';
  /** Names of the keys under the user's secret; of public keys their SHA-256, cut. */
  readonly names: readonly string[];
  /** Clusters that had them, sorted: more than one is a key that two clusters share. */
  readonly clusters: readonly string[];
  readonly runs: number;
  /** UTC of the first and of the last of these runs. */
  readonly from: string;
  readonly to: string;
}

/** What the comparison of keys has shown. */
export interface KeyComparisonResult {
  /** Runs whose secret keys could be compared, and all runs. */
  readonly compared: number;
  readonly runs: number;
  /** Secrets under which they were named: keys under two of them cannot be compared. */
  readonly secrets: number;
  /** Those of several clusters first. Key pairs of nodes stay for good: they are listed only where two clusters have one. */
  readonly shared: readonly SharedKeys[];
}

/** A run and the cluster it was of. */
export interface PlacedRun {
  readonly cluster: string;
  readonly summary: RunSummary;
}

interface KeyInRuns {
  readonly under: string;
  readonly name: string;
  readonly having: PlacedRun[];
}

/**
 * Which runs have keys in common. Runs with a fault made on purpose count: a key that they show is one that the cluster had. A run that is in
 * two histories counts once.
 */
export function sharedKeys(all: readonly PlacedRun[]): KeyComparisonResult {
  const runs = [...new Map(all.map((one) => [one.summary.run, one])).values()];
  const seen = new Map<string, KeyInRuns>();
  for (const run of runs)
    for (const { under, names } of run.summary.keys ?? [])
      for (const name of new Set(names)) {
        const one = seen.get(`${under} ${name}`) ?? { under, name, having: [] };
        one.having.push(run);
        seen.set(`${under} ${name}`, one);
      }
  // The keys of all tunnels of a cluster come and go together: one line for them.
  const groups = Map.groupBy(seen.values(), ({ under, having }) => [under, ...having.map(({ summary }) => summary.run)].join(' '));
  const secretsOf = ({ summary }: PlacedRun) => (summary.keys ?? []).map(({ under }) => under).filter((under) => under !== PUBLIC_KEYS);
  return {
    compared: runs.filter((run) => secretsOf(run).length > 0).length,
    runs: runs.length,
    secrets: new Set(runs.flatMap(secretsOf)).size,
    shared: [...groups.values()].flatMap(sharedBy).sort((a, b) => b.clusters.length - a.clusters.length || (a.from < b.from ? -1 : 1)),
  };
}

function sharedBy(keys: readonly KeyInRuns[]): SharedKeys[] {
  const [{ under, having } = { under: '', having: [] }] = keys;
  const clusters = [...new Set(having.map(({ cluster }) => cluster))].sort();
  const times = having.map(({ summary }) => summary.recordedAt).sort();
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined || (clusters.length < 2 && (under === PUBLIC_KEYS || having.length < 2))) return [];
  const kind = under === PUBLIC_KEYS ? 'WireGuard key pair' : 'secret key';
  return [{ kind, names: keys.map(({ name }) => name).sort(), clusters, runs: having.length, from, to }];
}

/** The result in lines of text. */
export function sharedKeyLines({ compared, runs, secrets, shared }: KeyComparisonResult): string[] {
  const several = secrets > 1 ? `, under ${secrets} different secrets: only runs under one of them can be compared` : '';
  const head =
    compared === 0
      ? 'secret keys: not compared, because no run had --fingerprint-key'
      : `secret keys: compared in ${compared} of ${runs} runs${several}`;
  return [
    head,
    ...shared.map(({ kind, names, clusters, runs: count, from, to }) => {
      const what = names.length === 1 ? `one ${kind}` : `${names.length} ${kind}s`;
      const where =
        clusters.length > 1 ? `in ${clusters.length} clusters: ${clusters.map(oneLine).join(', ')}` : `of ${oneLine(clusters.join())}`;
      return `  ${what} ${where}, in ${count} runs from ${from} to ${to}`;
    }),
  ];
}
