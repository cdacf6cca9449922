import ipaddr from 'ipaddr.js';
import type { FlowAccount } from '../../model/ledger.ts';

/** What an address is in the cluster: `pod CIDR`, `node`, or unknown. */
export type AddressLabeller = (address: string) => string | null;

/**
 * Labels by pod CIDRs and node addresses.
 * @throws RangeError that names the invalid CIDR or address.
 */
export function addressLabeller(podCidrs: readonly string[], nodeAddresses: readonly string[]): AddressLabeller {
  const networks = podCidrs.map((cidr) => ({ cidr, parsed: parseCidr(cidr) }));
  const nodes = new Set(nodeAddresses.map(canonical));
  const known = new Map<string, string | null>();
  return (address) => {
    const remembered = known.get(address);
    if (remembered !== undefined) return remembered;
    const parsed = ipaddr.parse(address);
    const network = networks.find(({ parsed: [base, bits] }) => base.kind() === parsed.kind() && parsed.match(base, bits));
    const label = nodes.has(canonical(address)) ? 'node' : network ? `pod ${network.cidr}` : null;
    known.set(address, label);
    return label;
  };
}

/** Whether the flow is clear between pods of different nodes, if each CIDR belongs to one node. */
export function isExposed(flow: FlowAccount, label: AddressLabeller): boolean {
  if (flow.class !== 'clear') return false;
  const src = label(flow.src);
  const dst = label(flow.dst);
  return src !== null && dst !== null && src.startsWith('pod ') && dst.startsWith('pod ') && src !== dst;
}

function parseCidr(cidr: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    return ipaddr.parseCIDR(cidr);
  } catch (cause) {
    throw new RangeError(`pod CIDR ${JSON.stringify(cidr)} is not an address with a prefix length, such as 10.244.1.0/24`, { cause });
  }
}

function canonical(address: string): string {
  try {
    return ipaddr.parse(address).toString();
  } catch (cause) {
    throw new RangeError(`node address ${JSON.stringify(address)} is not an IP address`, { cause });
  }
}
