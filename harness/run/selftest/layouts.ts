import type { Intent } from '../../model/intent.ts';

const IPSEC: Intent = {
  mode: 'ipsec',
  routing: 'vxlan',
  profile: '1.18',
  nodeEncryption: false,
  strictMode: false,
  perTunnelKeys: true,
  families: ['ipv4'],
};
const WIREGUARD: Intent = { ...IPSEC, mode: 'wireguard', perTunnelKeys: false };

/** An intent: IPsec as Cilium 1.18 over VXLAN, IPv4, but for what is said. */
export function ipsec(differences: Partial<Intent> = {}): Intent {
  return { ...IPSEC, ...differences };
}

/** An intent: WireGuard as Cilium 1.18 over VXLAN, IPv4, but for what is said. */
export function wireguard(differences: Partial<Intent> = {}): Intent {
  return { ...WIREGUARD, ...differences };
}

/** What the matrix crosses the faults with, cheapest and most common first: the quick matrix takes the first that fits. */
export const LAYOUTS: readonly Intent[] = [
  ipsec(),
  wireguard(),
  ipsec({ profile: '1.17' }),
  wireguard({ routing: 'native' }),
  ipsec({ routing: 'native' }),
  wireguard({ nodeEncryption: true }),
  ipsec({ profile: '1.14', perTunnelKeys: false }),
  wireguard({ profile: '1.14' }),
  ipsec({ routing: 'geneve' }),
  ipsec({ profile: '1.20' }),
  // Layouts in which the families can be told apart on the wire come first: each has ciphertext, or a redirect, of its own.
  ipsec({ profile: '1.17', families: ['ipv4', 'ipv6'] }),
  wireguard({ routing: 'native', families: ['ipv4', 'ipv6'] }),
  ipsec({ families: ['ipv4', 'ipv6'] }),
];

/** An intent in a few words, as part of a cell's id: `ipsec 1.18 vxlan`. */
export function layoutName({ mode, profile, routing, nodeEncryption, families }: Intent): string {
  const words: string[] = [mode, profile, routing];
  if (nodeEncryption) words.push('node-encryption');
  if (families.join() === 'ipv6') words.push('ipv6');
  if (families.length > 1) words.push('dual-stack');
  return words.join(' ');
}
