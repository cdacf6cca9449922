import type { IpRoute } from '../../decode/kernel/ip-items.ts';
import type { ClusterDescription, NodeDescription } from '../../model/cluster.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import { coversNetwork } from '../state/networks.ts';
import type { NodeState } from '../state/node-state.ts';

/**
 * The devices by which a node's main table reaches other nodes, by the name of the node; a node whose routes were not read has no entry.
 */
export type UplinkRoutes = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** From each node to each other node's addresses, by the longest matching route of the main table. */
export function uplinkRoutes(nodes: readonly NodeDescription[], states: readonly NodeState[]): UplinkRoutes {
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const { name } of nodes) {
    const routes = states.flatMap((s) => (s.node === name && s.routes.ok ? s.routes.value : []));
    if (routes.length === 0) continue;
    const others = nodes.filter((other) => other.name !== name).flatMap(({ addresses }) => addresses);
    found.set(name, new Map(others.flatMap((address) => deviceFor(routes, address))));
  }
  return found;
}

/** A capture of a node's uplink must be of the device by which the node reaches the others. */
export function uplinkGaps(record: CaptureRecord, { nodes }: Pick<ClusterDescription, 'nodes'>, uplinks: UplinkRoutes): readonly string[] {
  if (record.vantage !== 'nic') return [];
  const node = nodes.find(({ name }) => name === record.node);
  if (node === undefined) return [`it is of ${record.node ?? 'no node'}, which is no node of the cluster`];
  if (node.uplink !== record.interface) return [`${record.interface} is not the uplink of ${node.name}, which is ${node.uplink}`];
  const other = [...(uplinks.get(node.name) ?? [])].find(([, device]) => device !== record.interface);
  return other === undefined ? [] : [`${node.name} reaches ${other[0]} by ${other[1]}, not by ${record.interface}`];
}

function deviceFor(routes: readonly IpRoute[], address: string): [string, string][] {
  const [best] = routes
    .filter(
      ({ type, table, dev, dst }) => type === 'unicast' && (table ?? 'main') === 'main' && dev !== undefined && coversNetwork(dst, address),
    )
    .sort((a, b) => lengthOf(b.dst) - lengthOf(a.dst) || (a.metric ?? 0) - (b.metric ?? 0));
  return best?.dev === undefined ? [] : [[address, best.dev]];
}

function lengthOf(dst: string): number {
  if (dst === 'default') return -1;
  return dst.includes('/') ? Number(dst.split('/')[1]) : 128;
}
