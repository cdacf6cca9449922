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
