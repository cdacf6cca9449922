import type { Routing } from '../../../harness/model/mode.ts';
import { perFamily, type View } from '../topology.ts';
import type { NodePlan } from './node-plan.ts';
import { filterHandle, matchFamily, tunnelOf } from './tunnel.ts';

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

/** Preferences of the filters of strict mode for ingress, by which the simulated agent finds what it dropped: IPv4, IPv6. */
export const STRICT_INGRESS = [21, 22] as const;
/** Before them: what comes from a node or goes to one. */
const OF_NODES = 18;

/**
 * Strict mode for ingress. In tunnel mode a tunnel packet that arrives at the uplink was not decrypted and is dropped: decrypted ones come
 * out of the WireGuard device (Cilium: bpf_overlay.c, cil_from_overlay, drops what has no decrypt mark). With native routing it is a packet
 * from a pod of another node to one of this node, in each family (bpf_host.c of 1.20: the identity of the source is of the cluster and
 * not of a remote node, and the destination is an endpoint that is not the host).
 */
export function strictIngressPlan(view: View, routing: Routing): Partial<NodePlan> {
  const tunnel = tunnelOf(routing);
  const filter = `filter add dev ${view.self.uplink} ingress`;
  if (tunnel !== undefined)
    return { tc: [`${filter} pref ${STRICT_INGRESS[0]} protocol ip flower ip_proto udp dst_port ${tunnel.port} action drop`] };
  return {
    tc: perFamily(view).flatMap(({ self, peers }) => {
      const host = (address: string) => `${address}/${self.family === 'ipv6' ? 128 : 32}`;
      return [
        `${filter} ${matchFamily(self, OF_NODES)} flower dst_ip ${host(self.internal)} action ok`,
        ...peers.flatMap((peer) => [
          `${filter} ${matchFamily(peer, OF_NODES)} flower src_ip ${host(peer.internal)} action ok`,
          `${filter} ${matchFamily(peer, STRICT_INGRESS[0])} handle ${filterHandle(peer)} flower src_ip ${peer.podCidr} dst_ip ${self.podCidr} action drop`,
        ]),
      ];
    }),
  };
}
