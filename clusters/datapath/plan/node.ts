import type { Routing } from '../../../harness/model/mode.ts';
import { encryptMark } from '../marks.ts';
import type { View } from '../topology.ts';
import { basePlan } from './base.ts';
import { type EgressGateway, egressGatewayPlan } from './egress-gateway.ts';
import { ipsecPlan, ipsecRouteMtu } from './ipsec.ts';
import type { IpsecOptions } from './ipsec-states.ts';
import { masqueradeChain, nftTable } from './masquerade.ts';
import { monitorPlan } from './monitor.ts';
import { mergePlans, type NodePlan } from './node-plan.ts';
import { strictIngressPlan, strictModePlan } from './strict-mode.ts';
import { tunnelOf, tunnelPlan } from './tunnel.ts';
import { type WireguardOptions, wireguardPlan, wireguardRouteMtu } from './wireguard.ts';

/** The target configuration of a node, with the keys it needs. */
export type Encryption =
  | { readonly mode: 'none' }
  | { readonly mode: 'ipsec'; readonly options: IpsecOptions; readonly strict?: boolean }
  | { readonly mode: 'wireguard'; readonly options: WireguardOptions; readonly strict?: boolean; readonly strictIngress?: boolean };

/** MTU of the pods' default routes and of the routes to remote pod CIDRs. */
export function routeMtu(encryption: Encryption, routing: Routing): number {
  if (encryption.mode === 'ipsec') return ipsecRouteMtu(routing, encryption.options.key);
  if (encryption.mode === 'wireguard') return wireguardRouteMtu(encryption.options.profile, routing);
  return plainRouteMtu(routing);
}

/** The complete plan of one node: base and encryption. */
export function nodePlan(encryption: Encryption, view: View, routing: Routing, gateway?: EgressGateway): NodePlan {
  const mtu = routeMtu(encryption, routing);
  const base = basePlan(view, { routing, routeMtu: mtu });
  const strict = encryption.mode !== 'none' && encryption.strict === true ? strictModePlan(view, routing) : {};
  const ingress = encryption.mode === 'wireguard' && encryption.strictIngress === true ? strictIngressPlan(view, routing) : {};
  if (encryption.mode === 'none') return mergePlans(base, plainPlan(view, routing), gatewayPlan(encryption, view, routing, gateway));
  const drops = encryption.options.profile.dropsFragmentedEcho ? fragmentedEchoPlan(mtu) : {};
  const monitor = encryption.options.profile.hubbleSelectsEncrypted ? monitorPlan(view) : {};
  const own = encryption.mode === 'ipsec' ? ipsecPlan(encryption.options, view, routing) : wireguardPlan(encryption.options, view, routing);
  return mergePlans(base, own, strict, ingress, drops, monitor, gatewayPlan(encryption, view, routing, gateway));
}

function gatewayPlan(encryption: Encryption, view: View, routing: Routing, gateway: EgressGateway | undefined): Partial<NodePlan> {
  const tunnel = tunnelOf(routing);
  if (gateway === undefined || tunnel === undefined) return {};
  if (encryption.mode !== 'ipsec') return egressGatewayPlan(view, gateway, tunnel);
  return egressGatewayPlan(view, gateway, tunnel, (peer) => encryptMark(peer.id, encryption.options.key.id));
}

/** Route MTU of pods without encryption over links of 1500. */
const plainRouteMtu = (routing: Routing): number => (routing === 'native' ? 1500 : 1450);

/** What a cluster without encryption adds to the base of a node. */
function plainPlan(view: View, routing: Routing): NodePlan {
  const tunnel = tunnelOf(routing);
  return tunnel === undefined ? mergePlans() : mergePlans(tunnelPlan(view, tunnel), { nft: nftTable(masqueradeChain(view)) });
}

/** Before connection tracking (-200), after fragments may have been reassembled (-400). */
const PRIORITY = -300;

/**
 * Drops a pod's ICMP over IPv4 that is larger than the MTU of the pods' routes, as fragments or reassembled: replaces Cilium's program on
 * the pod's device (bpf_lxc.c).
 */
function fragmentedEchoPlan(routeMtu: number): Partial<NodePlan> {
  const ofPods = '  iifname "lxc*" ip protocol icmp';
  return {
    nft: nftTable([
      'chain fragmented_echo {',
      `  type filter hook prerouting priority ${PRIORITY};`,
      `${ofPods} ip frag-off & 0x3fff != 0 drop`,
      `${ofPods} meta length > ${routeMtu} drop`,
      '}',
    ]),
  };
}
