import type { Routing } from '../../../harness/model/mode.ts';
import type { IpsecKey } from '../keys/ipsec-key.ts';
import { decryptMark, encryptMark } from '../marks.ts';
import { isUnderlay, type Peer, perFamily, type View } from '../topology.ts';
import { policiesPlan } from './ipsec-policies.ts';
import { type IpsecOptions, statesPlan } from './ipsec-states.ts';
import { masqueradeChain, nftFamily, nftTable } from './masquerade.ts';
import { mergePlans, type NodePlan } from './node-plan.ts';
import { filterHandle, matchFamily, type TunnelDevice, tunnelOf, tunnelPlan } from './tunnel.ts';

/**
 * Route MTU of pods with IPsec over links of 1500: 1423 and 1373 with an ICV of 128 bits (seen). IPsec takes 77 bytes with 16 of
 * authentication, which agents take to be the ICV's length, or with HMAC the number of hex digits of its key (pkg/mtu
 * EncryptionIPsecOverhead; LoadIPSecKeys). A tunnel takes 50 more.
 */
export function ipsecRouteMtu(routing: Routing, { icvBits, authentication }: IpsecKey): number {
  const authenticated = authentication === undefined ? icvBits / 8 : authentication.key.length * 2;
  return 1500 - (routing === 'native' ? 0 : 50) - (77 + authenticated - 16);
}

/** Everything IPsec adds to the base of a node. */
export function ipsecPlan(options: IpsecOptions, view: View, routing: Routing): NodePlan {
  const tunnel = tunnelOf(routing);
  const device = tunnel?.device ?? view.self.uplink;
  const mtu = tunnel ? options.profile.table200Mtu : 1500;
  const common = mergePlans(
    { xfrm: [...statesPlan(options, view), ...policiesPlan(options, view)] },
    ...perFamily(view).map((own) => rulesPlan(options, own, device, mtu)),
  );
  if (tunnel === undefined) return mergePlans(common, nativePlan(options, view));
  if (options.profile.tunnelOrder === 'vxlan-in-esp') {
    // The pod packet stays unmarked; the tunnel's outer packet carries the mark and meets the policy between the nodes.
    const encapsulation = tunnelPlan(view, tunnel, (peer) => encryptMark(peer.id, options.key.id));
    return mergePlans(common, encapsulation, uplinkIngress(options, view, 'address'), { nft: nftTable(masqueradeChain(view)) });
  }
  const encapsulation = tunnelPlan(view, tunnel);
  const uplink = options.profile.nodePair ? uplinkIngress(options, view, 'address') : {};
  return mergePlans(common, encapsulation, tunnelIngress(options, view, tunnel), uplink, {
    nft: nftTable(markChain(options, view), masqueradeChain(view)),
  });
}

/** ip rules of priority 1 and table 200, of one family. */
function rulesPlan(options: IpsecOptions, { self, peers }: View, device: string, mtu: number): Partial<NodePlan> {
  const v6 = self.family === 'ipv6';
  const rules = [
    'rule add pref 1 fwmark 0xd00/0xf00 lookup 200',
    ...(options.profile.encryptRule ? ['rule add pref 1 fwmark 0xe00/0xf00 lookup 200'] : []),
  ];
  const routes = [
    `route replace local ${self.podCidr} dev ${device} table 200 proto kernel${v6 ? '' : ' scope host'}`,
    ...peers.map((peer) => `route replace ${peer.podCidr} dev cilium_host table 200 proto kernel mtu ${mtu}`),
  ];
  return v6 ? { ip: routes, ip6: rules } : { ip: [...rules, ...routes] };
}

/**
 * Marks pod packets for a remote pod CIDR with the peer's node id and the SPI. Priority -90 comes after destination NAT (-100),
 * so the mark follows the chosen backend. A remote cilium_host address is not marked: agents have `encryptkey=0` for it.
 */
function markChain(options: IpsecOptions, view: View): string[] {
  // A single node has no peer to mark packets for, and nft accepts no empty set.
  const families = perFamily(view).filter(({ peers }) => peers.length > 0);
  if (families.length === 0) return [];
  return [
    ...families.map(({ self, peers }) => {
      const elements = peers.map((peer) => `${peer.podCidr} : ${encryptMark(peer.id, options.key.id)}`).join(', ');
      return `map ${markMap(self)} { type ${self.family}_addr : mark; flags interval; elements = { ${elements} }; }`;
    }),
    'chain mark_pods {',
    '  type filter hook prerouting priority -90;',
    ...families.map(({ self, peers }) => {
      const internals = peers.map((peer) => peer.internal).join(', ');
      const daddr = `${nftFamily(self)} daddr`;
      return `  iifname "lxc*" ${daddr} != { ${internals} } meta mark set ${daddr} map @${markMap(self)}`;
    }),
    '}',
  ];
}

/** The nft map from remote pod CIDRs to marks, one for each family. */
export function markMap({ family }: View['self']): string {
  return family === 'ipv6' ? 'pod_cidr_mark6' : 'pod_cidr_mark';
}

function markOf(options: IpsecOptions, peer: Peer): string {
  return options.profile.inState === 'any-peer' ? '0xd00' : decryptMark(peer.id);
}

/** flower reads ip_proto as hexadecimal: 0x32 is ESP. */
function espFilter(device: string, peer: Peer, end: 'internal' | 'address', mark: string, suffix = ''): string {
  return `filter add dev ${device} ingress ${matchFamily(peer, 1)} handle ${filterHandle(peer)} flower ip_proto 0x32 src_ip ${peer[end]} action skbedit mark ${mark}${suffix}`;
}

/** ESP out of the tunnel is made the host's own and marked for decryption, by its sender. */
function tunnelIngress(options: IpsecOptions, view: View, tunnel: TunnelDevice): Partial<NodePlan> {
  const peers = perFamily(view).flatMap((own) => own.peers);
  return { tc: peers.map((peer) => espFilter(tunnel.device, peer, 'internal', markOf(options, peer), ' ptype host')) };
}

/** ESP on the uplink is marked for decryption; the decrypted packet passes here again and loses its mark, or it would stay in table 200. */
function uplinkIngress(options: IpsecOptions, view: View, end: 'internal' | 'address'): Partial<NodePlan> {
  const { uplink } = view.self;
  const peers = perFamily(view)
    .flatMap((own) => own.peers)
    .filter((peer) => end === 'internal' || isUnderlay(peer));
  return {
    tc: [
      `qdisc add dev ${uplink} clsact`,
      ...peers.map((peer) => espFilter(uplink, peer, end, markOf(options, peer))),
      `filter add dev ${uplink} ingress pref 9 protocol all matchall action skbedit mark 0`,
    ],
  };
}

/**
 * Native routing: ESP between the cilium_host addresses straight on the uplink. Where the 0xe00 rule exists, table 200 sends the ESP
 * packet out of cilium_host; it comes back in by cilium_net without a mark and is routed by the main table, as with legacy host routing.
 */
function nativePlan(options: IpsecOptions, view: View): NodePlan {
  const bounce: Partial<NodePlan> = options.profile.encryptRule
    ? {
        sysctls: [['net/ipv4/conf/cilium_net/accept_local', '1']],
        tc: [
          'qdisc add dev cilium_net clsact',
          ...perFamily(view).map(
            ({ self }) => `filter add dev cilium_net ingress ${matchFamily(self, 1)} flower ip_proto 0x32 action skbedit mark 0 ptype host`,
          ),
        ],
      }
    : {};
  return mergePlans(bounce, uplinkIngress(options, view, 'internal'), { nft: nftTable(markChain(options, view)) });
}
