import type { ClusterDescription } from './cluster.ts';

type Names = Readonly<Record<string, string>>;

/** Names of fields and values that files of earlier versions have, and those of today. */
const NAMES: Names = { ciliumInternal: 'internalAddresses', 'cilium-objects': 'node-objects' };

/** A manifest.json as it was parsed, with the names of today. What has another shape is returned as it is, for the schema to refuse. */
export function manifestOfToday(raw: unknown): unknown {
  return isRecord(raw) ? { ...raw, cluster: clusterOfToday(raw.cluster) } : raw;
}

/** The same for a report.json. */
export function reportOfToday(raw: unknown): unknown {
  if (!isRecord(raw)) return raw;
  const { environment, checks } = raw;
  return {
    ...raw,
    environment: isRecord(environment) ? { ...environment, cluster: clusterOfToday(environment.cluster) } : environment,
    checks: each(checks, (check) => ({ ...check, needs: Array.isArray(check.needs) ? check.needs.map(nameOfToday) : check.needs })),
  };
}

/** A cluster's description as the first version wrote it: the digest of a plan is one of that form, so that it holds for every recording. */
export function clusterOfFirstForm(cluster: ClusterDescription): unknown {
  return clusterWith(cluster, Object.fromEntries(Object.entries(NAMES).map(([earlier, today]) => [today, earlier])));
}

function clusterOfToday(cluster: unknown): unknown {
  return clusterWith(cluster, NAMES);
}

function clusterWith(cluster: unknown, names: Names): unknown {
  if (!isRecord(cluster)) return cluster;
  const { nodes, capabilities } = cluster;
  const renamed = (record: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [renamedBy(names, key), value]));
  return { ...cluster, nodes: each(nodes, renamed), capabilities: isRecord(capabilities) ? renamed(capabilities) : capabilities };
}

function renamedBy(names: Names, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] as string) : name;
}

function nameOfToday(name: unknown): unknown {
  return typeof name === 'string' ? renamedBy(NAMES, name) : name;
}

function each(list: unknown, turn: (item: Readonly<Record<string, unknown>>) => unknown): unknown {
  return Array.isArray(list) ? list.map((item: unknown) => (isRecord(item) ? turn(item) : item)) : list;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
