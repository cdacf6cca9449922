import type { ClusterDescription } from '../../model/cluster.ts';
import type { FlowEnd, Phase, RecordingManifest, TrafficRecord } from '../../model/recording.ts';
import { normalAddress } from './address-owners.ts';

/** The ends of a readable frame, as the decoder gives them. */
export interface FrameEnds {
  readonly src: string;
  readonly dst: string;
  /** `tcp`, `udp`, `icmp`, `icmpv6` … */
  readonly protocol: string;
  readonly sport: number | null;
  readonly dport: number | null;
  /** ICMP type if it is known: it shows which end sent the request. */
  readonly icmpType?: number | null;
}

/** Finds the driven flows that a readable frame belongs to, in either direction. */
export interface FlowIndex {
  /** Ids of the flows between these ends; empty when none was driven. */
  find(ends: FrameEnds): readonly string[];
  /** Canary to the ids of the flows that carry it. */
  readonly canaries: ReadonlyMap<string, readonly string[]>;
}

interface Candidate {
  readonly id: string;
  readonly source: string;
  readonly ports: ReadonlySet<number> | null;
}

/**
 * Index the driven flows of one phase by address pair. The flow of a service is found by the service's address and by that of each backend,
 * because the address is translated before the frame leaves the node; the flow of a host by every address of the node.
 */
export function flowIndex(manifest: Pick<RecordingManifest, 'traffic' | 'cluster'>, phase: Phase): FlowIndex {
  const byPair = new Map<string, Candidate[]>();
  const canaries = new Map<string, string[]>();
  for (const flow of manifest.traffic) {
    if (flow.phase !== phase) continue;
    if (flow.canary !== '') canaries.set(flow.canary, [...(canaries.get(flow.canary) ?? []), flow.id]);
    const ports = portsOf(flow, manifest.cluster);
    for (const source of addressesOf(flow.source, manifest.cluster))
      for (const destination of addressesOf(flow.destination, manifest.cluster)) {
        const key = pairKey(source, destination, flow.protocol);
        const list = byPair.get(key) ?? [];
        list.push({ id: flow.id, source, ports });
        byPair.set(key, list);
      }
  }
  return { canaries, find: (ends) => match(byPair, ends) };
}

function match(byPair: ReadonlyMap<string, readonly Candidate[]>, ends: FrameEnds): readonly string[] {
  const protocol = ends.protocol.startsWith('icmp') ? 'icmp' : ends.protocol;
  const src = normalAddress(ends.src);
  const candidates = byPair.get(pairKey(src, normalAddress(ends.dst), protocol));
  if (candidates === undefined) return [];
  const asked = askerIsSource(ends.icmpType ?? null);
  const ids = candidates
    .filter((c) => c.ports === null || protocol === 'icmp' || portFits(c.ports, c.source === src ? ends.dport : ends.sport))
    .filter((c) => asked === null || (c.source === src) === asked)
    .map((c) => c.id);
  return [...new Set(ids)];
}

/** A later fragment has no ports: it may belong to any flow of the pair, and to fail closed it counts for all of them. */
function portFits(ports: ReadonlySet<number>, serverPort: number | null): boolean {
  return serverPort === null || ports.has(serverPort);
}

/** Echo requests come from the flow's source, replies from its destination; other types belong to the flow they quote. */
function askerIsSource(type: number | null): boolean | null {
  if (type === 8 || type === 128) return true;
  if (type === 0 || type === 129) return false;
  return null;
}

function pairKey(a: string, b: string, protocol: string): string {
  return a < b ? `${protocol} ${a} ${b}` : `${protocol} ${b} ${a}`;
}

/** Every address that an end may have in a frame of its family. */
export function addressesOf(end: FlowEnd, cluster: Pick<ClusterDescription, 'nodes' | 'pods' | 'services'>): readonly string[] {
  const own = normalAddress(end.address);
  const family = own.includes(':');
  const others: string[] = [];
  if (end.kind === 'node') {
    const node = cluster.nodes.find((n) => n.name === (end.node ?? end.name));
    if (node !== undefined) others.push(...node.addresses, ...node.internalAddresses);
  }
  if (end.kind === 'service') for (const pod of backendsOf(end, cluster)) others.push(...pod.addresses);
  return [...new Set([own, ...others.map(normalAddress).filter((a) => a.includes(':') === family)])];
}

function backendsOf(end: FlowEnd, cluster: Pick<ClusterDescription, 'pods' | 'services'>) {
  const service = cluster.services.find((s) => `${s.namespace}/${s.name}` === end.name || s.addresses.includes(end.address));
  if (service === undefined) return [];
  return cluster.pods.filter((p) => service.backends.includes(`${p.namespace}/${p.name}`));
}

function portsOf(flow: TrafficRecord, cluster: ClusterDescription): ReadonlySet<number> | null {
  if (flow.port === null) return null;
  const ports = new Set([flow.port]);
  if (flow.destination.kind === 'service')
    for (const pod of backendsOf(flow.destination, cluster)) if (pod.httpPort !== undefined) ports.add(pod.httpPort);
  return ports;
}

/** Nodes that the flow's packets may travel between; a service's flow ends at any backend's node. */
export function nodePairsOf(flow: TrafficRecord, cluster: ClusterDescription): readonly (readonly [string, string])[] {
  // A client outside is on no node: the path between nodes begins at the node to which it sends.
  const asked = flow.source.kind === 'outside' ? flow.destination.node : null;
  const from = asked ?? flow.source.node;
  if (from === null) return [];
  const answered = cluster.pods.filter((p) => flow.answeredBy.includes(`${p.namespace}/${p.name}`) || flow.answeredBy.includes(p.name));
  const ends =
    flow.destination.node !== null && asked === null
      ? [flow.destination.node]
      : (answered.length > 0 ? answered : backendsOf(flow.destination, cluster)).map((p) => p.node);
  return [...new Set(ends)].filter((to) => to !== from).map((to) => [from, to] as const);
}
