import ipaddr from 'ipaddr.js';
import type { NodeDescription } from '../../model/cluster.ts';
import type { Family } from '../../model/mode.ts';
import type { Endpoints } from '../../stacks/profile.ts';

/** Family of an address or a CIDR; null when it is neither. */
export function familyOf(text: string): Family | null {
  const address = text.split('/')[0] ?? '';
  return ipaddr.isValid(address) ? (ipaddr.parse(address).kind() as Family) : null;
}

/** An address or CIDR as a range; a bare address is its own /32 or /128. Null when it is neither. */
function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  const cidr = text.includes('/') ? text : `${text}/${familyOf(text) === 'ipv6' ? 128 : 32}`;
  return ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : null;
}

/** Whether every address of `inner` is in `outer`; `all` and `default` hold everything of any family. */
export function covers(outer: string, inner: string): boolean {
  if (outer === 'all' || outer === 'default') return true;
  const [o, i] = [rangeOf(outer), rangeOf(inner)];
  if (o === null || i === null || o[0].kind() !== i[0].kind() || o[1] > i[1]) return false;
  return i[0].match(o);
}

/** Whether two ranges share an address. */
export function overlap(a: string, b: string): boolean {
  return covers(a, b) || covers(b, a);
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
  const list = endpoints === 'internal' ? node.ciliumInternal : node.addresses;
  return list.find((address) => familyOf(address) === family);
}

/** Whether two texts name the same address. */
export function sameAddress(a: string, b: string): boolean {
  return covers(a, b) && covers(b, a);
}
