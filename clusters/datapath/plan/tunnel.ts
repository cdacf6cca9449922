import type { Routing } from '../../../harness/model/mode.ts';
import { TUNNEL_PORT } from '../../../harness/stacks/frame-bytes.ts';
import { type Peer, perFamily, type View } from '../topology.ts';
import type { NodePlan } from './node-plan.ts';

export interface TunnelDevice {
  readonly kind: 'vxlan' | 'geneve';
  readonly device: string;
  readonly port: number;
}

/** The tunnel device of a routing mode; undefined for native routing. */
export function tunnelOf(routing: Routing): TunnelDevice | undefined {
  if (routing === 'native') return undefined;
  return { kind: routing, device: `cilium_${routing}`, port: TUNNEL_PORT[routing] };
}

/** Network identifier of a node's packets. Agents use the source's security identity; the lab has one for each node. */
export function nodeVni(site: { readonly underlay: string }): number {
  const last = site.underlay.split('.').at(-1);
  return 0x1000 + Number(last);
}

/** Handle of a peer's filter in its list, so that the filter can be replaced in one step or deleted separately. */
export function filterHandle(peer: Peer, number = 0): string {
  return `0x${(number * 0x10000 + peer.id).toString(16)}`;
}

/**
 * tc action: encapsulate to the peer, with this mark on the outer packet. The mark is set first, because the tunnel's route lookup uses it.
 */
export function encapsulate(view: View, peer: Peer, tunnel: TunnelDevice, mark: string): string {
  return `action skbedit mark ${mark} pipe action tunnel_key set src_ip ${view.self.underlay} dst_ip ${peer.underlay} id ${nodeVni(view.self)} dst_port ${tunnel.port} nocsum pipe action mirred egress redirect dev ${tunnel.device}`;
}

/** Preference and protocol of a tc filter for a site's family: one preference has one protocol, so IPv6 uses the next one. */
export function matchFamily({ family }: Pick<Peer, 'family'>, preference: number): string {
  return family === 'ipv6' ? `pref ${preference + 1} protocol ipv6` : `pref ${preference} protocol ip`;
}

/**
 * Replaces Cilium's BPF on cilium_host and on the tunnel device. `markFor` is the mark of the outer packet towards a peer (0: none; a
 * remaining mark would match the block policy).
 */
export function tunnelPlan(view: View, tunnel: TunnelDevice, markFor: (peer: Peer) => string = () => '0'): Partial<NodePlan> {
  return {
    tc: [
      'qdisc add dev cilium_host clsact',
      `qdisc add dev ${tunnel.device} clsact`,
      ...perFamily(view).flatMap((own) =>
        own.peers.map(
          (peer) =>
            `filter add dev cilium_host egress ${matchFamily(peer, 10)} handle ${filterHandle(peer)} flower dst_ip ${peer.podCidr} ${encapsulate(own, peer, tunnel, markFor(peer))}`,
        ),
      ),
      // cilium_host has no ARP, so the inner destination MAC is arbitrary: the packet is made the host's own.
      `filter add dev ${tunnel.device} ingress pref 9 protocol all matchall action skbedit mark 0 ptype host`,
    ],
  };
}
