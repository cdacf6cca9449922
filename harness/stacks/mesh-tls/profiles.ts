import { documented } from '../origin.ts';
import type { Profile, TreatmentRule } from '../profile.ts';

const LAB = 'the lab: proxies of OpenSSL 3.0 in the namespaces of the pods';
const ZTUNNEL = 'ztunnel, src/tls/lib.rs: TLS 1.3 alone unless TLS12_ENABLED';

/** Port of HBONE, HTTP/2 CONNECT inside mutual TLS. */
export const HBONE_PORT = 15_008;

const rule = (
  paths: TreatmentRule['paths'],
  treatment: TreatmentRule['treatment'],
  reason: string,
  protocols?: TreatmentRule['protocols'],
): TreatmentRule => ({
  modes: ['tls'],
  routings: ['native'],
  nodeEncryption: false,
  paths,
  ...(protocols === undefined ? {} : { protocols }),
  treatment,
  reason,
  source: 'documented',
  document: `${LAB}; Cilium 1.20 documentation, Ztunnel Transparent Encryption (Beta): only TCP is carried`,
});

/** TCP between pods goes through the proxies of both; everything else goes past them. */
const TREATMENTS: readonly TreatmentRule[] = [
  rule(['pod-pod', 'pod-service'], 'encrypted', 'TCP between enrolled pods is carried in mutual TLS by their proxies', ['tcp']),
  rule(['same-node'], 'encrypted', 'TCP between enrolled pods of one node leaves the namespace of the pod in mutual TLS too', ['tcp']),
  rule(
    ['node-pod', 'outside-node', 'outside-pod'],
    'dropped',
    'an enrolled pod takes TCP from others in mutual TLS only, and neither a node nor a client outside is enrolled',
    ['tcp'],
  ),
  rule(['pod-pod', 'node-pod', 'outside-node', 'outside-pod'], 'clear-by-design', 'the mesh carries TCP only; UDP and ICMP stay clear'),
  rule(['pod-node', 'node-node', 'pod-health', 'node-health'], 'clear-by-design', 'a node is not enrolled in the mesh'),
  rule(['same-node'], 'clear-by-design', 'the mesh carries TCP only, and what stays on its node does not reach the wire'),
];

/** The mesh that the lab lays out: a proxy for each pod, as ztunnel serves one, with HBONE between them. */
const hbone: Profile = {
  id: 'hbone',
  title: 'mutual TLS between the proxies of pods, HBONE on port 15008',
  agent: null,
  ipsec: null,
  wireguard: null,
  tls: {
    port: documented(HBONE_PORT, 'Cilium 1.20 documentation, Ztunnel Transparent Encryption (Beta): port 15008'),
    versions: documented(['TLS 1.3'], ZTUNNEL),
    suites: documented(['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'], ZTUNNEL),
    groups: documented(['x25519', 'secp256r1', 'secp384r1'], LAB),
    trustDomain: documented('cluster.local', LAB),
    certificateHours: documented(24, LAB),
  },
  treatments: TREATMENTS,
  seen: [{ mode: 'tls', routing: 'native', agent: 'OpenSSL 3.0 of Debian 12 in the lab' }],
};

/** Every known kind of TLS mesh: of others, what they do with plaintext and which groups they have was not recorded. */
export const tlsProfiles: readonly Profile[] = [hbone];
