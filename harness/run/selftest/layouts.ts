import { ESP_IN_TUNNEL, TUNNEL_IN_ESP } from '../../../clusters/datapath/faults/cells.ts';
import { layoutsWhere } from '../../../clusters/datapath/profile.ts';
import type { Intent } from '../../model/intent.ts';

const [OLDEST = '', ...LATER] = layoutsWhere(() => true);
const NEWEST = LATER.at(-1) ?? OLDEST;
const LAST_ESP_IN_TUNNEL = ESP_IN_TUNNEL.at(-1) ?? OLDEST;
const FIRST_TUNNEL_IN_ESP = TUNNEL_IN_ESP[0] ?? NEWEST;

const IPSEC: Intent = {
  stack: 'cilium',
  mode: 'ipsec',
  routing: 'vxlan',
  profile: FIRST_TUNNEL_IN_ESP,
  nodeEncryption: false,
  strictMode: false,
  perTunnelKeys: true,
  families: ['ipv4'],
};
const WIREGUARD: Intent = { ...IPSEC, mode: 'wireguard', perTunnelKeys: false };

/** An intent: IPsec as the first version with the tunnel inside ESP, over VXLAN, IPv4, except for the given differences. */
export function ipsec(differences: Partial<Intent> = {}): Intent {
  return { ...IPSEC, ...differences };
}

/** An intent: WireGuard as the first version with the tunnel inside ESP, over VXLAN, IPv4, except for the given differences. */
export function wireguard(differences: Partial<Intent> = {}): Intent {
  return { ...WIREGUARD, ...differences };
}

/** The layouts that the matrix combines with the faults, the fastest and most common first: the quick matrix takes the first match. */
export const LAYOUTS: readonly Intent[] = [
  ipsec(),
  wireguard(),
  ipsec({ profile: LAST_ESP_IN_TUNNEL }),
  wireguard({ routing: 'native' }),
  ipsec({ routing: 'native' }),
  wireguard({ nodeEncryption: true }),
  ipsec({ profile: OLDEST, perTunnelKeys: false }),
  wireguard({ profile: OLDEST }),
  ipsec({ routing: 'geneve' }),
  ipsec({ profile: NEWEST }),
  // Layouts in which the families can be distinguished on the wire are first: each family has its own ciphertext or redirect.
  ipsec({ profile: LAST_ESP_IN_TUNNEL, families: ['ipv4', 'ipv6'] }),
  wireguard({ routing: 'native', families: ['ipv4', 'ipv6'] }),
  ipsec({ families: ['ipv4', 'ipv6'] }),
  mesh(),
  tlsMesh(),
];

/** Layouts of the matrix for faults that none of {@link LAYOUTS} can have: combining all faults with them would show nothing new. */
export const RARE_LAYOUTS: readonly Intent[] = [
  wireguard({ routing: 'native', nodeEncryption: true }),
  wireguard({ profile: NEWEST, strictIngress: true }),
  wireguard({ profile: NEWEST, routing: 'native', strictIngress: true, families: ['ipv4', 'ipv6'] }),
  ipsec({ cryptoperiodDays: 365 }),
  ipsec({ sctp: true }),
  wireguard({ sctp: true }),
  ipsec({ egressGateway: 'node2' }),
  wireguard({ egressGateway: 'node2' }),
  ipsec({ loadBalancer: 'snat', loadBalancerXdp: false }),
  wireguard({ loadBalancer: 'snat', loadBalancerXdp: false }),
  ipsec({ profile: NEWEST, routing: 'native' }),
  wireguard({ profile: NEWEST, routing: 'native' }),
  { ...mesh(), presharedKeys: true },
  kernelTlsMesh(),
  tlsMesh('transport-header'),
  // The last version whose Secret decides whether tunnels share a key.
  ipsec({ profile: layoutsWhere(({ perTunnelKeys }) => perTunnelKeys === 'with-plus').at(-1) ?? OLDEST }),
];

/** An intent: a plain WireGuard mesh. */
export function mesh(profile = 'mesh'): Intent {
  return { ...WIREGUARD, stack: 'plain-wireguard', routing: 'native', profile };
}

/** An intent: a TLS mesh. */
export function tlsMesh(profile = 'hbone'): Intent {
  return { ...WIREGUARD, stack: 'mesh-tls', mode: 'tls', routing: 'native', profile };
}

/** An intent: a TLS mesh whose records the kernel makes. */
export function kernelTlsMesh(): Intent {
  return { ...tlsMesh(), kernelTls: 'send-and-receive' };
}

/** An intent in a few words, as part of a cell's id: `ipsec 1.18 vxlan`. */
export function layoutName(intent: Intent): string {
  const {
    mode,
    profile,
    routing,
    nodeEncryption,
    strictIngress,
    presharedKeys,
    cryptoperiodDays,
    sctp,
    loadBalancer,
    kernelTls,
    egressGateway,
    families,
  } = intent;
  const words: string[] = [mode, profile, routing];
  if (nodeEncryption) words.push('node-encryption');
  if (strictIngress === true) words.push('strict-ingress');
  if (presharedKeys === true) words.push('preshared-keys');
  if (cryptoperiodDays !== undefined) words.push(`cryptoperiod-${cryptoperiodDays}`);
  if (sctp === true) words.push('sctp');
  if (loadBalancer !== undefined) words.push(loadBalancer);
  if (kernelTls !== undefined) words.push('kernel-tls');
  if (egressGateway !== undefined) words.push('egress-gateway');
  if (families.join() === 'ipv6') words.push('ipv6');
  if (families.length > 1) words.push('dual-stack');
  return words.join(' ');
}
