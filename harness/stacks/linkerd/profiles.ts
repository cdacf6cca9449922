import { ROUTINGS } from '../../model/mode.ts';
import { meshTreatments } from '../mesh-treatments.ts';
import { documented } from '../origin.ts';
import type { Profile } from '../profile.ts';
import { LINKERD_ALPN, LINKERD_PORTS, LINKERD_SKIPPED_PORTS } from './names.ts';

/** What differs between releases: the proxy, its cipher suites and groups. */
interface LinkerdRelease {
  readonly id: string;
  readonly proxy: string;
  readonly suites: readonly string[];
  readonly groups: readonly string[];
  /** File of the proxy's source that has them. */
  readonly cryptoFile: string;
}

function linkerd({ id, proxy, suites, groups, cryptoFile }: LinkerdRelease): Profile {
  const chart = `linkerd2 version-${id}, charts/linkerd-control-plane/values.yaml`;
  const inProxy = (file: string): string => `linkerd2-proxy release/${proxy}, ${file}`;
  const destination = `linkerd2 version-${id}, controller/api/destination/endpoint_translator.go`;
  return {
    id,
    title: `Linkerd ${id}, from its source`,
    agent: null,
    ipsec: null,
    wireguard: null,
    tls: {
      port: documented(LINKERD_PORTS.inbound, `${chart}: proxy.ports.inbound, and proxy.outboundTransportMode transport-header`),
      versions: documented(['TLS 1.3'], inProxy(cryptoFile)),
      suites: documented(suites, inProxy(cryptoFile)),
      groups: documented(groups, inProxy(cryptoFile)),
      trustDomain: documented('cluster.local', `${chart}: identityTrustDomain is clusterDomain`),
      identity: documented('linkerd', `${destination}, createWeightedAddr`),
      alpn: documented(LINKERD_ALPN, inProxy('linkerd/transport-header/src/lib.rs, PROTOCOL')),
      serverName: documented('identity', `${destination}, createWeightedAddr: ServerName`),
      certificateHours: documented(24, `${chart}: identity.issuer.issuanceLifetime`),
    },
    treatments: meshTreatments({
      document: `${chart}: proxyInit.ignoreInboundPorts and ignoreOutboundPorts, proxy.defaultInboundPolicy all-unauthenticated`,
      routings: ROUTINGS,
      plaintext: 'by-policy',
      skippedPorts: LINKERD_SKIPPED_PORTS,
    }),
    seen: [],
  };
}

/** aws-lc came with 2.19, and with it the hybrid group. */
const AWS_LC = {
  suites: ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'],
  groups: ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'],
  cryptoFile: 'linkerd/rustls/src/crypto.rs',
} as const;

/**
 * Releases since the proxies send everything to port 4143 (`outboundTransportMode: transport-header`, 2.18). Before, and with `transparent`,
 * TLS went to the port of the application, which no profile has.
 */
export const linkerdProfiles: readonly Profile[] = [
  linkerd({
    id: '2.18',
    proxy: 'v2.294.0',
    suites: ['TLS_CHACHA20_POLY1305_SHA256'],
    groups: ['x25519', 'secp256r1', 'secp384r1'],
    cryptoFile: 'linkerd/meshtls/rustls/src/creds.rs, with rustls 0.23.26 and ring',
  }),
  linkerd({ id: '2.19', proxy: 'v2.326.0', ...AWS_LC }),
  linkerd({ id: '2.20', proxy: 'v2.359.0', ...AWS_LC }),
];
