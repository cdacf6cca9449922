import { documented } from '../origin.ts';
import type { TlsProfile } from '../profile.ts';

/** Port of HBONE, HTTP/2 CONNECT inside mutual TLS. Source: ztunnel, src/config.rs, inbound_addr. */
export const HBONE_PORT = 15_008;

/** Ports of the redirection in a pod: for what it sends, and for plaintext that it is sent. Source: ztunnel, src/config.rs. */
export const REDIRECT_PORTS = { outbound: 15_001, inboundPlaintext: 15_006 } as const;

/** The administration of a ztunnel, which listens on the loopback device of its network namespace alone. Source: src/config.rs, DEFAULT_ADMIN_PORT. */
export const ADMIN_PORT = 15_000;

/** Container of its pods, in Istio's chart as in Cilium's. */
export const ZTUNNEL_CONTAINER = 'istio-proxy';

/** The label that a namespace gets, and what writes the certificates. */
export interface ZtunnelRelease {
  /** Release of ztunnel, a tag of github.com/istio/ztunnel. */
  readonly ztunnel: string;
  readonly trustDomain: TlsProfile['trustDomain'];
  readonly certificateHours: TlsProfile['certificateHours'];
}

/**
 * What a ztunnel that was built with its default provider (aws-lc) puts on the wire: releases 1.27 to 1.31, which were read, do not differ in it
 * unless COMPLIANCE_POLICY or TLS12_ENABLED is set.
 */
export function ztunnelTls({ ztunnel, trustDomain, certificateHours }: ZtunnelRelease): TlsProfile {
  const at = (file: string): string => `ztunnel ${ztunnel}, ${file}`;
  return {
    port: documented(HBONE_PORT, at('src/config.rs, inbound_addr')),
    versions: documented(['TLS 1.3'], at('src/tls/lib.rs: TLS 1.3 alone unless TLS12_ENABLED')),
    suites: documented(['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'], at('src/tls/lib.rs, provider()')),
    groups: documented(
      ['x25519', 'secp256r1', 'secp384r1', 'X25519MLKEM768'],
      `${at('src/tls/lib.rs, provider()')}: those of rustls, src/crypto/aws_lc_rs/mod.rs, DEFAULT_KX_GROUPS`,
    ),
    trustDomain,
    identity: documented('spiffe', at('src/identity/manager.rs')),
    alpn: documented('h2', at('src/tls/certificate.rs, client_config')),
    serverName: documented('none', at('src/tls/workload.rs, OutboundConnector: a dummy address in place of a name')),
    certificateHours,
  };
}
