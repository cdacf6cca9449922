import { ENCRYPTING_MODES, ROUTINGS } from '../../../model/mode.ts';
import { flowPathSchema } from '../../../model/recording.ts';
import type { TreatmentRule } from '../../profile.ts';

const TUNNELS = ['vxlan', 'geneve'] as const;
const WIREGUARD_GUIDE = 'Cilium documentation, WireGuard, "Which traffic is encrypted"';
const AGENTS = 'agents 1.14.5, 1.17.8, 1.18.3 and 1.20.0-dev, two nodes';

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
function outsideByTunnel(modes: TreatmentRule['modes'], document: string): TreatmentRule {
  return {
    modes,
    routings: TUNNELS,
    nodeEncryption: 'any',
    paths: ['outside-pod'],
    treatment: 'encrypted',
    reason:
      'the node forwards the request in the tunnel, which is encrypted whatever it contains, except with XDP, and with DSR without Geneve',
    source: 'documented',
    document,
  };
}

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

/** Up to 1.17: a host reaches a remote pod in the clear. */
export const TREATMENTS_TO_1_17: readonly TreatmentRule[] = [...COMMON, ...CLEAR_HOST, CLEAR_NODE_POD, CLEAR_OUTSIDE];

/** From 1.15 WireGuard carries the whole tunnel, and what a node sends on for a client outside is in it. */
export const TREATMENTS_FROM_1_15_TO_1_17: readonly TreatmentRule[] = [
  outsideByTunnel(['wireguard'], `${WIREGUARD_GUIDE}, client outside cluster, overlay routing`),
  ...TREATMENTS_TO_1_17,
];

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
  outsideByTunnel(ENCRYPTING_MODES, 'bpf/lib/encrypt.h and bpf/lib/wireguard.h of 1.18, overlay_encrypt, after bpf/lib/nodeport.h'),
  CLEAR_OUTSIDE,
];
