import type { Routing } from '../../../harness/model/mode.ts';
import type { View } from '../topology.ts';
import type { NodePlan } from './node-plan.ts';
import { filterHandle, tunnelOf } from './tunnel.ts';

/** After every filter that sends packets into encryption. */
const LAST = 20;

/**
 * Strict mode for egress: unencrypted pod traffic is dropped at the uplink. Its CIDR is IPv4, so IPv6 is not covered, as in Cilium
 * (bpf/lib/wireguard.h, strict_allow). In tunnel mode it is the tunnel packet that would leave.
 */
export function strictModePlan({ self, peers }: View, routing: Routing): Partial<NodePlan> {
  if (self.family !== 'ipv4') return {};
  const tunnel = tunnelOf(routing);
  const filter = `filter add dev ${self.uplink} egress pref ${LAST}`;
  if (tunnel !== undefined) return { tc: [`${filter} protocol ip flower ip_proto udp dst_port ${tunnel.port} action drop`] };
  return {
    tc: peers.map(
      (peer) => `${filter} protocol ip handle ${filterHandle(peer)} flower src_ip ${self.podCidr} dst_ip ${peer.podCidr} action drop`,
    ),
  };
}

/** Preference of the filter of strict mode for ingress, by which the simulated agent finds what it dropped. */
export const STRICT_INGRESS = 21;

/**
 * Strict mode for ingress in tunnel mode: a tunnel packet that arrives at the uplink was not decrypted and is dropped. Decrypted ones come
 * out of the WireGuard device (Cilium: bpf_overlay.c, cil_from_overlay, drops what has no decrypt mark).
 */
export function strictIngressPlan({ self }: View, routing: Routing): Partial<NodePlan> {
  const tunnel = tunnelOf(routing);
  if (tunnel === undefined) return {};
  return {
    tc: [
      `filter add dev ${self.uplink} ingress pref ${STRICT_INGRESS} protocol ip flower ip_proto udp dst_port ${tunnel.port} action drop`,
    ],
  };
}
