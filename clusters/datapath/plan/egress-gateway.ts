import { isIPv6 } from 'node:net';
import { type Peer, perFamily, type View } from '../topology.ts';
import { nftFamily, nftTable } from './masquerade.ts';
import { mergePlans, type NodePlan } from './node-plan.ts';
import { encapsulate, filterHandle, matchFamily, type TunnelDevice } from './tunnel.ts';

/** The node by which pods of the others reach addresses outside the cluster. */
export interface EgressGateway {
  readonly node: string;
  /** Addresses outside that are reached so, at most one of each family. */
  readonly outside: readonly string[];
}

/** Mark of what goes by the gateway until it is in the tunnel; no policy and no other rule of a layout knows it. */
const BY_GATEWAY = '0x700';
/** Routing table of these packets. */
const TABLE = 202;
/** Before the filters for the pods of other nodes. */
const PREFERENCE = 8;

/**
 * Replaces Cilium's egress gateway (bpf/lib/egress_gateway.h): what a pod begins with an address outside goes in the tunnel to the gateway, which
 * sends it on with an address of its own; answers come back in the tunnel. Answers of pods to a client outside go their usual way.
 * @param markFor as in tunnelPlan
 */
export function egressGatewayPlan(
  view: View,
  gateway: EgressGateway,
  tunnel: TunnelDevice,
  markFor: (peer: Peer) => string = () => '0',
): Partial<NodePlan> {
  return mergePlans(
    ...perFamily(view).map((own): Partial<NodePlan> => {
      const { self, peers } = own;
      const v6 = self.family === 'ipv6';
      const ip = nftFamily(self);
      const address = gateway.outside.find((each) => isIPv6(each) === v6);
      if (address === undefined || peers.length === 0) return {};
      if (self.name === gateway.node) {
        const pods = peers.map(({ podCidr }) => podCidr).join(', ');
        const rule = `  ${ip} saddr { ${pods} } ${ip} daddr ${address} oifname "${self.uplink}" masquerade`;
        return { nft: nftTable([`chain by_gateway_${ip} {`, '  type nat hook postrouting priority 90;', rule, '}']) };
      }
      const peer = peers.find(({ name }) => name === gateway.node);
      if (peer === undefined) return {};
      const rules = [`rule add pref 3 fwmark ${BY_GATEWAY}/0xf00 lookup ${TABLE}`];
      const route = `route replace ${address} ${v6 ? '' : `via ${self.internal} `}dev cilium_host table ${TABLE} proto kernel`;
      return {
        nft: nftTable([
          `chain to_gateway_${ip} {`,
          '  type filter hook prerouting priority -80;',
          `  iifname "lxc*" ${ip} daddr ${address} ct direction original meta mark set ${BY_GATEWAY}`,
          '}',
        ]),
        tc: [
          `filter add dev cilium_host egress ${matchFamily(peer, PREFERENCE)} handle ${filterHandle(peer)} flower dst_ip ${address} ${encapsulate(own, peer, tunnel, markFor(peer))}`,
        ],
        ...(v6 ? { ip: [route], ip6: rules } : { ip: [...rules, route] }),
      };
    }),
  );
}
