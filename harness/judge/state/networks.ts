import ipaddr from 'ipaddr.js';
import type { NodeDescription } from '../../model/cluster.ts';
import type { Family } from '../../model/mode.ts';
import type { Endpoints } from '../../stacks/profile.ts';

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Cache of parsed texts: a recording has few addresses, and each is used many times. */
const KNOWN = new Map<string, Range | null>();
/** Largest number of texts that are kept. */
const KEPT = 65_536;

/** Family of an address or a CIDR; null when it is neither. */
export function familyOf(text: string): Family | null {
  return (rangeOf(text.split('/')[0] ?? '')?.[0].kind() as Family | undefined) ?? null;
}

/** An address or CIDR as a range; a bare address is its own /32 or /128. Null when it is neither. */
export function rangeOf(text: string): Range | null {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  if (KNOWN.size >= KEPT) KNOWN.clear();
  const range = parseRange(text);
  KNOWN.set(text, range);
  return range;
}

function parseRange(text: string): Range | null {
  if (text.includes('/')) return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : null;
  if (!ipaddr.isValid(text)) return null;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv6' ? 128 : 32];
}

/** Whether every address of `inner` is in `outer`; `all` and `default` contain every address of both families. */
export function coversNetwork(outer: string, inner: string): boolean {
  if (outer === 'all' || outer === 'default') return true;
  const [o, i] = [rangeOf(outer), rangeOf(inner)];
  if (o === null || i === null || o[0].kind() !== i[0].kind() || o[1] > i[1]) return false;
  return i[0].match(o[0], o[1]);
}

/** Whether two ranges share an address. */
export function overlap(a: string, b: string): boolean {
  return coversNetwork(a, b) || coversNetwork(b, a);
}

/** Whether it is the address or range `0.0.0.0` or `::`, which stands for any. */
export function isAny(text: string): boolean {
  return ['0.0.0.0', '::', '0.0.0.0/0', '::/0', 'default', 'all'].includes(text);
}

/** Pod CIDRs of a node in the given families. */
export function podCidrs(node: NodeDescription, families: readonly Family[]): readonly string[] {
  return node.podCidrs.filter((cidr) => families.includes(familyOf(cidr) ?? 'ipv4'));
}

/** The address of a node at which SAs of this kind end; undefined when the recording does not know one. */
export function endpointOf(node: NodeDescription, endpoints: Endpoints, family: Family): string | undefined {
  const list = endpoints === 'internal' ? node.internalAddresses : node.addresses;
  return list.find((address) => familyOf(address) === family);
}

/** One text for all texts of the same address or range; a text that is neither is returned as it is. */
export function addressKey(text: string): string {
  const range = rangeOf(text);
  return range === null ? text : `${range[0].toString()}/${range[1]}`;
}

/** Whether two texts name the same address. */
export function sameAddress(a: string, b: string): boolean {
  return coversNetwork(a, b) && coversNetwork(b, a);
}
