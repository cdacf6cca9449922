import ipaddr from 'ipaddr.js';
import type { ClusterDescription, NodeDescription } from '../../model/cluster.ts';

/** Whose address it is. `pod` is any address of a pod CIDR that is no router's, known pod or not. */
export interface AddressOwner {
  readonly kind: 'pod' | 'node' | 'router' | 'service' | 'other';
  /** The node that has it; null for a service or an unknown address. */
  readonly node: string | null;
}

/** Returns the owner of an address, from the recording's description of the cluster. */
export interface AddressOwners {
  ownerOf(address: string): AddressOwner;
}

const stranger: AddressOwner = { kind: 'other', node: null };

/** One form for each address: lower case, IPv6 compressed. A text that is not an address is returned unchanged. */
export function normalAddress(address: string): string {
  const known = NORMAL_FORMS.get(address);
  if (known !== undefined) return known;
  const normal = ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
  if (NORMAL_FORMS.size >= MAX_NORMAL_FORMS) NORMAL_FORMS.clear();
  NORMAL_FORMS.set(address, normal);
  return normal;
}

/** A capture asks for the same few addresses with every frame. */
const NORMAL_FORMS = new Map<string, string>();
const MAX_NORMAL_FORMS = 4096;

/** A multicast group, or the broadcast address of the link. */
export function isGroup(address: string): boolean {
  return ipaddr.isValid(address) && ['multicast', 'broadcast'].includes(ipaddr.parse(address).range());
}

/**
 * The owners of all addresses of a cluster. The address of a known pod counts more than the CIDRs, because some IPAM modes give pods addresses
 * outside the node's own range; the router is the agent's own device.
 */
export function addressOwners(cluster: Pick<ClusterDescription, 'nodes' | 'pods' | 'services'>): AddressOwners {
  const known = new Map<string, AddressOwner>();
  for (const service of cluster.services)
    for (const address of service.addresses) known.set(normalAddress(address), { kind: 'service', node: null });
  for (const pod of cluster.pods) for (const address of pod.addresses) known.set(normalAddress(address), { kind: 'pod', node: pod.node });
  for (const node of cluster.nodes) {
    for (const address of node.internalAddresses) known.set(normalAddress(address), { kind: 'router', node: node.name });
    for (const address of node.addresses) known.set(normalAddress(address), { kind: 'node', node: node.name });
  }
  const ranges = cluster.nodes.flatMap(podRanges);
  return {
    ownerOf(address) {
      const before = known.get(address);
      if (before !== undefined) return before;
      const key = withoutTranslation(normalAddress(address));
      const owner = known.get(key) ?? inRange(key, ranges);
      known.set(address, owner);
      return owner;
    },
  };
}

/**
 * The IPv4 address in an IPv6 one that only carries it: mapped or compatible (RFC 4291 §2.5.5), of a translator (RFC 6052 §2.1), of 6to4
 * (RFC 3056 §2) or of ISATAP (RFC 5214 §6.1).
 */
function withoutTranslation(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const bytes = ipaddr.parse(address).toByteArray();
  const at = embeddedAt(bytes);
  return at < 0 ? address : ipaddr.fromByteArray(bytes.slice(at, at + 4)).toString();
}

/** Where the IPv4 address is in the 16 bytes; -1 where there is none. */
function embeddedAt(bytes: readonly number[]): number {
  const starts = (text: string): boolean => Buffer.from(bytes).toString('hex').startsWith(text);
  if (starts('00000000000000000000ffff') || starts('0064ff9b0000000000000000')) return 12;
  if (starts('2002')) return 2;
  // `::1` and `::` are addresses of their own; an address of IPv4 does not begin with 0.
  if (starts('000000000000000000000000') && bytes[12] !== 0) return 12;
  return [0, 2].includes(bytes[8] ?? 1) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe ? 12 : -1;
}

interface PodRange {
  readonly node: string;
  readonly range: [ipaddr.IPv4 | ipaddr.IPv6, number];
}

function podRanges(node: NodeDescription): PodRange[] {
  return node.podCidrs.map((cidr) => ({ node: node.name, range: ipaddr.parseCIDR(cidr) }));
}

function inRange(address: string, ranges: readonly PodRange[]): AddressOwner {
  if (!ipaddr.isValid(address)) return stranger;
  const parsed = ipaddr.parse(address);
  const hit = ranges.find(({ range }) => parsed.kind() === range[0].kind() && parsed.match(range));
  return hit === undefined ? stranger : { kind: 'pod', node: hit.node };
}
