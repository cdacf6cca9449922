import { ENCRYPTING_MODES, ROUTINGS } from '../../../model/mode.ts';
import { flowPathSchema } from '../../../model/recording.ts';
import type { TreatmentRule } from '../../profile.ts';

const TUNNELS = ['vxlan', 'geneve'] as const;
const WIREGUARD_GUIDE = 'Cilium documentation, WireGuard, "Which traffic is encrypted"';
const AGENTS = 'agents 1.14.5, 1.17.8, 1.18.3 and 1.20.0-dev, two nodes';

const OUTSIDE_POD = { nodeEncryption: 'any', paths: ['outside-pod'] } as const;

/** Requests from outside that go on by XDP or by DSR outside of Geneve, which claims say. They come before all other rules of the path. */
const PAST_ENCRYPTION: readonly TreatmentRule[] = [
  {
    ...OUTSIDE_POD,
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    xdp: true,
    treatment: 'clear-by-design',
    reason: 'XDP sends the request on at the network card, below the programs that encrypt',
    source: 'documented',
    document: `${WIREGUARD_GUIDE}, and "N/S load balancer traffic" above it; bpf/bpf_xdp.c`,
  },
  {
    ...OUTSIDE_POD,
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    loadBalancers: ['dsr-opt', 'dsr-ipip'],
    treatment: 'clear-by-design',
    reason:
      'DSR outside of Geneve keeps the address of the client as the source, and what has a source outside the cluster is not encrypted',
    source: 'recorded',
    document: 'agent 1.20.2 WireGuard native dsr-opt, a client beside two nodes; bpf/lib/encrypt.h of 1.20, encrypt_src_matches_policy',
  },
];

/** From 1.16 WireGuard takes whatever comes from a tunnel device, also with native routing, where only DSR uses one. */
const GENEVE_BY_WIREGUARD: TreatmentRule = {
  ...OUTSIDE_POD,
  modes: ['wireguard'],
  routings: ['native'],
  loadBalancers: ['dsr-geneve'],
  treatment: 'encrypted',
  reason: 'DSR in Geneve: the packet goes by the tunnel device, and what comes from there is encrypted whatever it contains',
  source: 'documented',
  document: `${WIREGUARD_GUIDE}, DSR in Geneve mode; bpf/lib/wireguard.h from 1.16, ctx_is_overlay where HAVE_ENCAP`,
};

const CLEAR_GENEVE: TreatmentRule = {
  ...OUTSIDE_POD,
  modes: ENCRYPTING_MODES,
  routings: ROUTINGS,
  loadBalancers: ['dsr-geneve'],
  treatment: 'clear-by-design',
  reason:
    'DSR in Geneve where tunnels are not encrypted as a whole: the packet has a source outside the cluster, and is not encrypted either',
  source: 'documented',
  document: 'bpf/lib/nodeport.h, encap_geneve_dsr_opt4; bpf/lib/encrypt.h and bpf/lib/wireguard.h of each release',
};

const COMMON: readonly TreatmentRule[] = [
  {
    modes: ['none'],
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: flowPathSchema.options,
    treatment: 'clear-by-design',
    reason: 'the intent claims no encryption',
    source: 'documented',
    document: 'the intent',
  },
  {
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: ['same-node'],
    treatment: 'clear-by-design',
    reason: 'traffic that stays on its node is not encrypted and does not reach the wire',
    source: 'documented',
    document: 'Cilium documentation, Transparent Encryption, limitations',
  },
  {
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: ['pod-pod', 'pod-service'],
    treatment: 'encrypted',
    reason: 'traffic between pods of different nodes is what transparent encryption is for',
    source: 'recorded',
    document: AGENTS,
  },
  {
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: ['pod-health'],
    treatment: 'encrypted',
    reason: 'the address of a health endpoint is of the pod range, and is encrypted as those of pods are',
    source: 'documented',
    document: 'GHSA-7496-fgv9-xw82',
  },
  {
    modes: ['wireguard'],
    routings: ROUTINGS,
    nodeEncryption: true,
    paths: ['pod-node', 'node-pod', 'node-node', 'node-health'],
    treatment: 'encrypted',
    reason: 'node encryption: every IP frame between nodes is carried by WireGuard',
    source: 'recorded',
    document: 'agent 1.18.3 with nodeEncryption, two nodes',
  },
  {
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: ['outside-node'],
    treatment: 'clear-by-design',
    reason: 'the client is outside the cluster and has no key, and the pod is on the node that it asks: nothing crosses between nodes',
    source: 'documented',
    document: `${WIREGUARD_GUIDE}; Kubernetes, externalTrafficPolicy Local`,
  },
  {
    modes: ['wireguard'],
    routings: ROUTINGS,
    nodeEncryption: true,
    paths: ['outside-pod'],
    treatment: 'encrypted',
    reason:
      'node encryption: WireGuard carries a request from outside that a node forwards to another one, except with XDP, and with DSR without Geneve',
    source: 'documented',
    document: `${WIREGUARD_GUIDE}, client outside cluster to remote pod`,
  },
];

/** A request from outside that one node sends on to another in a tunnel which is encrypted as a whole. */
function outsideByTunnel(modes: TreatmentRule['modes'], source: TreatmentRule['source'], document: string): TreatmentRule {
  return {
    modes,
    routings: TUNNELS,
    nodeEncryption: 'any',
    paths: ['outside-pod'],
    treatment: 'encrypted',
    reason:
      'the node forwards the request in the tunnel, which is encrypted whatever it contains, except with XDP, and with DSR without Geneve',
    source,
    document,
  };
}

/** What a pod sends to an address outside by the node of an egress gateway, and its answers: always in a tunnel. */
const BY_EGRESS_GATEWAY: TreatmentRule = {
  modes: ENCRYPTING_MODES,
  routings: TUNNELS,
  nodeEncryption: 'any',
  paths: ['pod-egress'],
  treatment: 'encrypted',
  reason:
    'an egress gateway is reached in the tunnel, which is encrypted whatever it contains, and its answers come back so, except with XDP',
  source: 'recorded',
  document: 'agent 1.20.2 vxlan, one of two nodes the gateway, both modes; bpf/lib/ipsec.h and bpf/lib/wireguard.h of 1.20, ctx_is_overlay',
};

const CLEAR_OUTSIDE: TreatmentRule = {
  modes: ENCRYPTING_MODES,
  routings: ROUTINGS,
  nodeEncryption: 'any',
  paths: ['outside-pod'],
  treatment: 'clear-by-design',
  reason: 'the node sends the request on from its own address, and traffic of nodes is not encrypted without node encryption',
  source: 'documented',
  document: `bpf/lib/nodeport.h, tail_nodeport_nat_egress_ipv4; ${WIREGUARD_GUIDE}`,
};

const CLEAR_HOST: readonly TreatmentRule[] = [
  {
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: ['node-node'],
    treatment: 'clear-by-design',
    reason: 'node to node traffic is not encrypted without node encryption',
    source: 'recorded',
    document: AGENTS,
  },
  {
    modes: ENCRYPTING_MODES,
    routings: ROUTINGS,
    nodeEncryption: 'any',
    paths: ['pod-node'],
    treatment: 'clear-by-design',
    reason: 'a pod reaches a remote node outside the encryption (masqueraded in tunnel mode, with its own address in native routing)',
    source: 'recorded',
    document: AGENTS,
  },
];

const CLEAR_NODE_POD: TreatmentRule = {
  modes: ENCRYPTING_MODES,
  routings: ROUTINGS,
  nodeEncryption: 'any',
  paths: ['node-pod', 'node-health'],
  treatment: 'clear-by-design',
  reason: 'a host reaches a remote pod from its cilium_host or node address, which is not encrypted without node encryption',
  source: 'recorded',
  document: 'agents 1.14.5 and 1.17.8 vxlan, 1.18.3 native',
};

/** Up to 1.17 a host reaches a remote pod in the clear. @param first rules that come before the others */
function upTo117(...first: readonly TreatmentRule[]): readonly TreatmentRule[] {
  return [...first, ...COMMON, ...CLEAR_HOST, CLEAR_NODE_POD, CLEAR_GENEVE, CLEAR_OUTSIDE];
}

/** 1.6 has neither DSR nor XDP. */
export const TREATMENTS_1_6: readonly TreatmentRule[] = [...COMMON, ...CLEAR_HOST, CLEAR_NODE_POD, CLEAR_OUTSIDE];

export const TREATMENTS_1_14 = upTo117(...PAST_ENCRYPTION);

/** From 1.15 WireGuard carries the whole tunnel, and what a node sends on for a client outside is in it. */
const BY_TUNNEL_FROM_1_15 = outsideByTunnel(['wireguard'], 'documented', `${WIREGUARD_GUIDE}, client outside cluster, overlay routing`);

export const TREATMENTS_1_15 = upTo117(...PAST_ENCRYPTION, BY_TUNNEL_FROM_1_15);

export const TREATMENTS_FROM_1_16_TO_1_17 = upTo117(...PAST_ENCRYPTION, BY_TUNNEL_FROM_1_15, GENEVE_BY_WIREGUARD);

/**
 * With ESP inside the tunnel, a datagram that the pod sends in fragments is put together by the connection tracking of the node
 * (nf_defrag_ipv4, on where kube-proxy has rules), encrypted as one packet, and put together again and decrypted on the other node. There
 * the pod's device refuses it, because it is longer than its MTU (net/core/dev.c, is_skb_forwardable): its `TX dropped` grows by one each.
 * TCP passes, its segments fit. Where connection tracking is off the datagram is answered, and then it must be encrypted as any other.
 */
export const LARGE_DATAGRAM_LOST: TreatmentRule = {
  modes: ['ipsec'],
  routings: TUNNELS,
  nodeEncryption: 'any',
  paths: ['pod-pod', 'pod-service'],
  protocols: ['udp', 'icmp'],
  families: ['ipv4'],
  large: true,
  treatment: 'dropped',
  reason:
    'a datagram that the node puts together before it encrypts it is longer than the MTU of the receiving pod’s device, which drops it',
  source: 'recorded',
  document:
    'agents 1.14.5, 1.16.2 and 1.17.8 vxlan with kube-proxy, kernel 6.1; 1.16.2: `TX dropped` of the lxc device by 3 for three echoes of 3,000 bytes',
};

/**
 * From 1.18 a fragmented echo over IPv4 is dropped when the pod sends it (bpf_lxc.c, "Invalid packet"), encrypted or not; TCP and UDP of
 * the same size pass. IPv6 was not seen.
 */
const NO_FRAGMENTED_ECHO: TreatmentRule = {
  modes: ENCRYPTING_MODES,
  routings: ROUTINGS,
  nodeEncryption: 'any',
  paths: ['pod-pod', 'pod-node', 'pod-service'],
  protocols: ['icmp'],
  families: ['ipv4'],
  large: true,
  treatment: 'dropped',
  reason: 'from 1.18 a fragmented ICMP echo is dropped',
  source: 'recorded',
  document: 'agent 1.18.3, drop (Invalid packet); bpf/lib/conntrack.h, "Fragmented ECHO packets are not supported currently"',
};

/** From 1.18: in tunnel mode the whole overlay is encrypted, so a host reaches a remote pod encrypted. */
export const TREATMENTS_FROM_1_18: readonly TreatmentRule[] = [
  NO_FRAGMENTED_ECHO,
  ...PAST_ENCRYPTION,
  GENEVE_BY_WIREGUARD,
  BY_EGRESS_GATEWAY,
  ...COMMON,
  ...CLEAR_HOST,
  {
    modes: ENCRYPTING_MODES,
    routings: TUNNELS,
    nodeEncryption: 'any',
    paths: ['node-pod', 'node-health'],
    treatment: 'encrypted',
    reason: 'from 1.18 the overlay itself is encrypted, and a host reaches a remote pod by the overlay',
    source: 'recorded',
    document: 'agents 1.18.3 and 1.20.0-dev vxlan, IPsec and WireGuard',
  },
  CLEAR_NODE_POD,
  outsideByTunnel(
    ENCRYPTING_MODES,
    'recorded',
    'agent 1.20.2 in place of kube-proxy, a client beside two nodes: WireGuard vxlan snat, WireGuard and IPsec geneve dsr-geneve',
  ),
  CLEAR_GENEVE,
  CLEAR_OUTSIDE,
];
