import * as z from 'zod';
import { allowedTrafficSchema } from './allowed-traffic.ts';
import type { Data } from './data.ts';
import { keySourceSchema } from './key-source.ts';
import { familySchema, modeSchema, routingSchema } from './mode.ts';

export const STACKS = ['cilium', 'plain-wireguard', 'mesh-tls', 'istio-ambient', 'linkerd', 'cilium-ztunnel'] as const;
export type StackName = (typeof STACKS)[number];

/** The stack of an intent that names none. */
export const DEFAULT_STACK: StackName = 'cilium';

/** Directions of a socket whose TLS records the kernel makes. */
export const KERNEL_TLS = ['send', 'send-and-receive'] as const;

/** The name of a stack in texts. */
export const STACK_TITLES: Readonly<Record<StackName, string>> = {
  cilium: 'Cilium',
  'plain-wireguard': 'plain WireGuard',
  'mesh-tls': 'a TLS mesh',
  'istio-ambient': 'Istio ambient',
  linkerd: 'Linkerd',
  'cilium-ztunnel': 'Cilium with ztunnel',
};

/**
 * How the node that a client outside asks sends the request on to a pod of another node: with its own address as the source (`snat`), or with
 * that of the client, so that the other node answers the client itself (DSR), the service's address in an IP option, in a Geneve tunnel or by IP
 * in IP (Cilium: bpf-lb-mode, bpf-lb-dsr-dispatch).
 */
export const LOAD_BALANCERS = ['snat', 'dsr-opt', 'dsr-geneve', 'dsr-ipip'] as const;
export type LoadBalancer = (typeof LOAD_BALANCERS)[number];

/**
 * What the user claims about the cluster. It is an input and is never read off the cluster under test: a cluster with encryption off by
 * mistake must fail.
 */
export const intentSchema = z.object({
  /**
   * Whose encryption it is; absent: {@link DEFAULT_STACK}. Recordings from before the second stack do not have it, and the digest of their
   * plan stays valid.
   */
  stack: z.enum(STACKS).exactOptional(),
  mode: modeSchema,
  routing: routingSchema,
  /** Profile id: for an agent's stack its minor version, for instance `1.16`. */
  profile: z.string(),
  nodeEncryption: z.boolean(),
  strictMode: z.boolean(),
  /** Packets to pods that arrive unencrypted are dropped: strict mode of WireGuard, the policy of a TLS mesh. Absent: not claimed. */
  strictIngress: z.boolean().exactOptional(),
  perTunnelKeys: z.boolean(),
  /** Each WireGuard peer has a preshared key. Absent: not claimed. */
  presharedKeys: z.boolean().exactOptional(),
  /** Days that one IPsec key may be in use: the cryptoperiod that somebody declared (NIST SP 800-57 Part 1, section 5.3). Absent: none. */
  cryptoperiodDays: z.number().exactOptional(),
  /** Where the keys come from. Absent: the usual source of the mode. */
  keySource: keySourceSchema.exactOptional(),
  /**
   * The kernel has the keys of the records after the handshake (kTLS, Documentation/networking/tls.rst of the kernel) and encrypts what the
   * proxies send, or decrypts what they receive too. Absent: not claimed.
   */
  kernelTls: z.enum(KERNEL_TLS).exactOptional(),
  /** The trust domain of a TLS mesh. Absent: the one that the profile names. */
  trustDomain: z.string().exactOptional(),
  families: z.array(familySchema),
  /** Pods can use SCTP, which is driven and judged as their TCP is. Absent: not claimed, and not driven. */
  sctp: z.boolean().exactOptional(),
  /** How requests of clients outside reach pods of other nodes. Absent: not claimed, and expected as `snat`. */
  loadBalancer: z.enum(LOAD_BALANCERS).exactOptional(),
  /** XDP does it, at the network card and below what encrypts. Absent: not claimed. */
  loadBalancerXdp: z.boolean().exactOptional(),
  /** Name of the node by which pods of the others reach addresses outside the cluster (egress gateway). Absent: not claimed, and not driven. */
  egressGateway: z.string().min(1).exactOptional(),
  /** Traffic between nodes that somebody takes responsibility for; absent: none. */
  allow: z.array(allowedTrafficSchema).optional(),
});

export type Intent = Data<typeof intentSchema>;
