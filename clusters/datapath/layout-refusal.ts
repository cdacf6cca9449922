import type { Intent } from '../../harness/model/intent.ts';
import type { ClaimRefusal } from '../../harness/model/provider.ts';
import { type LayoutProfile, layoutProfile } from './profile.ts';

/**
 * Seen in the lab, kernel 6.1: INIT after INIT arrives and none is answered. The veth of a pod leaves the CRC32c of SCTP to a device; ESP needs
 * it at once, and completes it as a checksum of the Internet (net/core/dev.c, skb_checksum_help, called by net/xfrm/xfrm_output.c). A tunnel
 * device before ESP completes it as what it is.
 */
const SCTP_LOST =
  'SCTP that ESP takes directly from a pod arrives with a wrong checksum (seen in kernel 6.1) and is not answered: say a tunnel and a version from 1.18, or WireGuard';

/** The first claim of an intent that cannot be configured; null if there is none. */
export function layoutRefusal(intent: Intent): ClaimRefusal | null {
  const profile = profileOrWhy(intent.profile);
  if (typeof profile === 'string') return { claim: 'profile', why: profile };
  const families = familiesRefusal(intent);
  if (families !== null) return { claim: 'families', why: families };
  if (intent.mode === 'ipsec' && intent.nodeEncryption)
    return { claim: 'nodeEncryption', why: 'node encryption exists only with WireGuard, not with IPsec' };
  const strict = intent.strictMode ? strictRefusal(intent, profile) : null;
  if (strict !== null) return { claim: 'strictMode', why: strict };
  const ingress = intent.strictIngress === true ? strictIngressRefusal(intent, profile) : null;
  if (ingress !== null) return { claim: 'strictIngress', why: ingress };
  if (intent.sctp === true && intent.mode === 'ipsec' && (intent.routing === 'native' || profile.tunnelOrder !== 'vxlan-in-esp'))
    return { claim: 'sctp', why: SCTP_LOST };
  if (intent.loadBalancer !== undefined && intent.loadBalancer !== 'snat')
    return { claim: 'loadBalancer', why: 'only programs of the agent itself do DSR: examine a real cluster (--target existing)' };
  if (intent.loadBalancerXdp === true)
    return { claim: 'loadBalancerXdp', why: 'the reference datapath attaches no XDP program: examine a real cluster (--target existing)' };
  if (intent.egressGateway !== undefined && (intent.routing === 'native' || profile.tunnelOrder !== 'vxlan-in-esp'))
    return {
      claim: 'egressGateway',
      why: 'the lab reaches an egress gateway in a tunnel that is encrypted as a whole: say vxlan or geneve, and a version from 1.18',
    };
  if (intent.perTunnelKeys && intent.mode === 'ipsec' && profile.perTunnelKeys === 'never')
    return {
      claim: 'perTunnelKeys',
      why: `Cilium ${profile.version} refuses per-tunnel keys (a key file with +): say perTunnelKeys false for profile ${profile.id}`,
    };
  return null;
}

function strictRefusal({ mode, families }: Intent, { id, version, strictMode }: LayoutProfile): string | null {
  if (mode === 'none') return 'strict mode drops what is not encrypted, but the mode is none';
  if (!families.includes('ipv4')) return 'the CIDR of strict mode is IPv4';
  if (strictMode.modes.includes(mode)) return null;
  return `Cilium ${version} has no strict mode for ${mode} (WireGuard has it from 1.15, IPsec from 1.19): say another profile than ${id}`;
}

function strictIngressRefusal({ mode, routing }: Intent, { id, version, strictIngress }: LayoutProfile): string | null {
  if (mode !== 'wireguard') return 'strict mode for ingress exists only with WireGuard';
  if (strictIngress.includes(routing)) return null;
  return `Cilium ${version} has no strict mode for ingress with ${routing} (it came with 1.19 for tunnels, with 1.20 for native routing): say another profile than ${id}`;
}

function familiesRefusal({ mode, routing, families }: Intent): string | null {
  if (families.length === 0) return 'a datapath needs at least one IP family';
  if (families.includes('ipv4')) return null;
  if (mode === 'ipsec')
    return 'IPv6 alone cannot be set up with IPsec: Cilium itself encrypts nothing then in native routing (cilium/cilium #40877, #45271) and has no IPv6 pair between nodes in tunnel mode; say ipv4,ipv6';
  if (routing !== 'native')
    return `IPv6 alone cannot be set up over ${routing}: the reference datapath's tunnels run over IPv4; say ipv4,ipv6`;
  return null;
}

function profileOrWhy(id: string): LayoutProfile | string {
  try {
    return layoutProfile(id);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
