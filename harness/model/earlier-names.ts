import type { ClusterDescription } from './cluster.ts';

type Names = Readonly<Record<string, string>>;

/** Names of fields and values in files of earlier versions, with the current names. */
const NAMES: Names = { ciliumInternal: 'internalAddresses', 'cilium-objects': 'node-objects' };

/** A parsed manifest.json, with the current names. A value of another shape is returned unchanged; the schema refuses it. */
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

/**
 * A cluster's description as the first version wrote it. The digest of a plan is computed from that form, so that it is valid for every
 * recording.
 */
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
