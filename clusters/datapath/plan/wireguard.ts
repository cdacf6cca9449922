import type { Routing } from '../../../harness/model/mode.ts';
import type { WireguardKey } from '../keys/wireguard-key.ts';
import type { LayoutProfile } from '../profile.ts';
import { type Peer, perFamily, type View } from '../topology.ts';
import { masqueradeChain, nftTable } from './masquerade.ts';
import { mergePlans, type NodePlan } from './node-plan.ts';
import { encapsulate, filterHandle, matchFamily, type TunnelDevice, tunnelOf, tunnelPlan } from './tunnel.ts';

export const WIREGUARD_DEVICE = 'cilium_wg0';
export const LAB_WIREGUARD_PORT = 51871;

export interface WireguardOptions {
  readonly profile: LayoutProfile;
  readonly nodeEncryption: boolean;
  /** Key pair of a node by name. */
  readonly key: (node: string) => WireguardKey;
}

/** Route MTU of pods with WireGuard over links of 1500 (seen): WireGuard takes 80, VXLAN inside it 50 more. */
export function wireguardRouteMtu(profile: LayoutProfile, routing: Routing): number {
  return routing !== 'native' && profile.wireguard.encapsulates ? 1370 : 1420;
}

/** Allowed IPs of a peer in its family, each with its prefix length. */
export function allowedIps(options: WireguardOptions, peer: Peer, routing: Routing): string[] {
  const bits = peer.family === 'ipv6' ? 128 : 32;
  const node = `${peer.address}/${bits}`;
  if (routing !== 'native' && options.profile.wireguard.tunnelAllowedIps === 'node') return [node];
  return [node, `${peer.internal}/${bits}`, ...peer.pods.map((pod) => `${pod.address}/${bits}`)];
}

/** Everything WireGuard adds to the base of a node. */
export function wireguardPlan(options: WireguardOptions, view: View, routing: Routing): NodePlan {
  const tunnel = tunnelOf(routing);
  const device: Partial<NodePlan> = {
    devices: [[WIREGUARD_DEVICE, 'mtu 1420 type wireguard']],
    wireguard: [[WIREGUARD_DEVICE, configuration(options, view, routing)]],
    ip: [`link set ${WIREGUARD_DEVICE} up`],
  };
  const { uplink } = view.self;
  const out = `action mirred egress redirect dev ${WIREGUARD_DEVICE}`;
  const uplinkEgress: Partial<NodePlan> = {
    tc: [
      `qdisc add dev ${uplink} clsact`,
      // WireGuard's packets have the device's fwmark and must pass.
      `filter add dev ${uplink} egress pref 1 protocol all handle 0xe00/0xf00 fw action ok`,
      ...(options.nodeEncryption ? nodeRedirects(view, out) : []),
      ...redirects(options, view, tunnel, out),
    ],
  };
  if (tunnel === undefined) return mergePlans(device, uplinkEgress);
  const nat = { nft: nftTable(masqueradeChain(view)) };
  if (options.profile.wireguard.encapsulates) return mergePlans(device, tunnelPlan(view, tunnel), uplinkEgress, nat);
  return mergePlans(device, tunnelPlan(view, tunnel), barePlan(options, view, tunnel, out), uplinkEgress, nat);
}

/** With node encryption: all packets to a node's address, except neighbour discovery. */
function nodeRedirects(view: View, out: string): string[] {
  return perFamily(view).flatMap(({ self, peers }) => {
    const filter = `filter add dev ${self.uplink} egress`;
    if (self.family === 'ipv4')
      return peers.map((peer) => `${filter} pref 4 protocol ip handle ${filterHandle(peer)} flower dst_ip ${peer.address}/32 ${out}`);
    return [
      // cilium_wg0 knows no neighbours, so discovery must stay on the link (bpf/lib/wireguard.h leaves advertisements there).
      ...[135, 136].map((type) => `${filter} pref 2 protocol ipv6 flower ip_proto icmpv6 type ${type} action ok`),
      ...peers.map((peer) => `${filter} pref 7 protocol ipv6 handle ${filterHandle(peer)} flower dst_ip ${peer.address}/128 ${out}`),
    ];
  });
}

function redirects(options: WireguardOptions, view: View, tunnel: TunnelDevice | undefined, out: string): string[] {
  const { uplink } = view.self;
  if (tunnel === undefined)
    return perFamily(view).flatMap(({ self, peers }) => {
      const hosts = options.nodeEncryption ? '' : `src_ip ${self.podCidr} `;
      return peers.map(
        (peer) =>
          `filter add dev ${uplink} egress ${matchFamily(peer, 5)} handle ${filterHandle(peer)} flower ${hosts}dst_ip ${peer.podCidr} ${out}`,
      );
    });
  if (!options.profile.wireguard.encapsulates) return [];
  return [`filter add dev ${uplink} egress pref 5 protocol ip flower ip_proto udp dst_port ${tunnel.port} ${out}`];
}

/**
 * 1.14: the pod packet enters WireGuard without tunnel header. Packets from or to a cilium_host address are not encrypted there
 * (`encryptkey=0`) and stay in the tunnel, before the redirect of the pods.
 */
function barePlan(options: WireguardOptions, view: View, tunnel: TunnelDevice, out: string): Partial<NodePlan> {
  return {
    tc: perFamily(view).flatMap((own) =>
      own.peers.flatMap((peer) => {
        const encap = encapsulate(own, peer, tunnel, '0');
        const filter = (preference: number, number?: number) =>
          `filter add dev cilium_host egress ${matchFamily(peer, preference)} handle ${filterHandle(peer, number)} flower`;
        const clear = [
          `${filter(3)} src_ip ${own.self.internal} dst_ip ${peer.podCidr} ${encap}`,
          `${filter(3, 1)} dst_ip ${peer.internal} ${encap}`,
        ];
        const pods = `${filter(5)} dst_ip ${peer.podCidr} ${out}`;
        return options.nodeEncryption ? [pods] : [...clear, pods];
      }),
    ),
  };
}

function configuration(options: WireguardOptions, view: View, routing: Routing): string {
  const lines = [
    '[Interface]',
    `PrivateKey = ${options.key(view.self.name).privateKey}`,
    `ListenPort = ${LAB_WIREGUARD_PORT}`,
    `FwMark = ${options.profile.wireguard.fwmark}`,
  ];
  for (const peer of view.peers) {
    lines.push(
      '[Peer]',
      `PublicKey = ${options.key(peer.name).publicKey}`,
      `Endpoint = ${peer.underlay.includes(':') ? `[${peer.underlay}]` : peer.underlay}:${LAB_WIREGUARD_PORT}`,
      `AllowedIPs = ${perFamily(view)
        .flatMap((own) => own.peers.filter(({ name }) => name === peer.name))
        .flatMap((site) => allowedIps(options, site, routing))
        .join(', ')}`,
    );
  }
  return lines.join('\n');
}
