import { PUBLIC_KEYS } from '../../harness/model/comparable-keys.ts';
import { oneLine } from '../printable.ts';
import type { RunSummary } from './entry.ts';

/** One key in several runs. */
export interface SharedKey {
  readonly kind: 'secret key' | 'WireGuard key pair';
  /** Name of the key under the user's secret; of a public key its SHA-256, cut. */
  readonly name: string;
  /** Clusters that had it, sorted: more than one is a key that two clusters share. */
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
  readonly shared: readonly SharedKey[];
}

/** A run and the cluster it was of. */
export interface PlacedRun {
  readonly cluster: string;
  readonly summary: RunSummary;
}

/** Which runs have a key in common. Runs with a fault made on purpose count: a key that they show is one that the cluster had. */
export function sharedKeys(runs: readonly PlacedRun[]): KeyComparisonResult {
  const seen = new Map<string, { readonly under: string; readonly name: string; readonly in: PlacedRun[] }>();
  for (const run of runs)
    for (const { under, names } of run.summary.keys ?? [])
      for (const name of new Set(names)) {
        const one = seen.get(`${under} ${name}`) ?? { under, name, in: [] };
        one.in.push(run);
        seen.set(`${under} ${name}`, one);
      }
  const shared = [...seen.values()].flatMap(({ under, name, in: having }): SharedKey[] => {
    const clusters = [...new Set(having.map(({ cluster }) => cluster))].sort();
    const times = having.map(({ summary }) => summary.recordedAt).sort();
    if (clusters.length < 2 && (under === PUBLIC_KEYS || having.length < 2)) return [];
    const kind = under === PUBLIC_KEYS ? 'WireGuard key pair' : 'secret key';
    return [{ kind, name, clusters, runs: having.length, from: times[0]!, to: times.at(-1)! }];
  });
  const secretsOf = ({ summary }: PlacedRun) => (summary.keys ?? []).map(({ under }) => under).filter((under) => under !== PUBLIC_KEYS);
  return {
    compared: runs.filter((run) => secretsOf(run).length > 0).length,
    runs: runs.length,
    secrets: new Set(runs.flatMap(secretsOf)).size,
    shared: shared.sort((a, b) => b.clusters.length - a.clusters.length || (a.from < b.from ? -1 : 1) || (a.name < b.name ? -1 : 1)),
  };
}

/** The result in lines of text. */
export function sharedKeyLines({ compared, runs, secrets, shared }: KeyComparisonResult): string[] {
  const head =
    compared === 0
      ? 'secret keys: not compared, because no run had --fingerprint-key'
      : `secret keys: compared in ${compared} of ${runs} runs${secrets > 1 ? `, under ${secrets} different secrets: only runs under one of them can be compared` : ''}`;
  return [
    head,
    ...shared.map(({ kind, name, clusters, runs: count, from, to }) =>
      clusters.length > 1
        ? `  one ${kind} in ${clusters.length} clusters: ${clusters.map(oneLine).join(', ')} (${name}, ${count} runs from ${from} to ${to})`
        : `  one ${kind} in ${count} runs of ${clusters.map(oneLine).join()}, from ${from} to ${to} (${name})`,
    ),
  ];
}
