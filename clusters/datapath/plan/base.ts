import type { Routing } from '../../../harness/model/mode.ts';
import { perFamily, type View } from '../topology.ts';
import { mergePlans, type NodePlan } from './node-plan.ts';
import { tunnelOf } from './tunnel.ts';

/** Route MTUs: of the remote pod CIDRs in the node's main table and of the pods' default routes. */
export interface BaseOptions {
  readonly routing: Routing;
  readonly routeMtu: number;
}

/**
 * What every agent configures, with or without encryption: cilium_host/cilium_net, the tunnel device, and for each family the routes of the
 * main table, the local rule moved from 0 to 100 so that rules of priority 1 and 9 come before it, and table 2004 for the proxy (seen on
 * all agents for IPv4; pkg/datapath/linux/node.go does the same for IPv6).
 */
export function basePlan(view: View, options: BaseOptions): NodePlan {
  return mergePlans(devicesPlan(view, options), ...perFamily(view).map((own) => familyPlan(own, options)));
}

function devicesPlan({ self }: View, { routing }: BaseOptions): Partial<NodePlan> {
  const tunnel = tunnelOf(routing);
  return {
    sysctls: [
      ['net/ipv4/ip_forward', '1'],
      ['net/ipv4/conf/all/rp_filter', '0'],
      ['net/ipv4/conf/default/rp_filter', '0'],
      [`net/ipv4/conf/${self.uplink}/rp_filter`, '0'],
    ],
    devices: [
      ['cilium_host', 'type veth peer name cilium_net'],
      ...(tunnel ? [[tunnel.device, `type ${tunnel.kind} external dstport ${tunnel.port}`] as const] : []),
    ],
    ip: [
      'link set cilium_host addrgenmode none arp off up',
      'link set cilium_net addrgenmode none arp off up',
      ...(tunnel ? [`link set ${tunnel.device} addrgenmode none up`] : []),
    ],
  };
}

const RULES = ['rule add pref 100 lookup local', 'rule del pref 0 lookup local', 'rule add pref 9 fwmark 0x200/0xf00 lookup 2004'];

function familyPlan(view: View, options: BaseOptions): Partial<NodePlan> {
  const { self, peers } = view;
  const v6 = self.family === 'ipv6';
  const host = self.internal;
  // An IPv6 route refuses an own address as its gateway; cilium_host needs no neighbour, so no gateway is needed.
  const over = v6 ? 'dev cilium_host' : `via ${host} dev cilium_host`;
  const remote = peers.map((peer) =>
    tunnelOf(options.routing)
      ? `route replace ${peer.podCidr} ${over} proto kernel src ${host} mtu ${options.routeMtu}`
      : // auto-direct-node-routes
        `route replace ${peer.podCidr} via ${peer.address} dev ${self.uplink} proto kernel`,
  );
  const own = `route replace ${self.podCidr} ${over} proto kernel src ${host}`;
  if (v6)
    return {
      sysctls: [['net/ipv6/conf/all/forwarding', '1']],
      ip: [`addr replace ${host}/128 dev cilium_host nodad`, own, ...remote],
      ip6: [...RULES, 'route replace local default dev lo table 2004 proto kernel'],
    };
  return {
    ip: [
      `addr replace ${host}/32 dev cilium_host scope link`,
      `route replace ${host} dev cilium_host proto kernel scope link`,
      own,
      ...remote,
      ...RULES,
      'route replace local default dev lo table 2004 proto kernel scope host',
    ],
  };
}
