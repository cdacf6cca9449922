import { LINKERD_ALPN, LINKERD_PORTS } from '../linkerd/names.ts';
import { meshTreatments } from '../mesh-treatments.ts';
import { documented } from '../origin.ts';
import type { Profile, TlsProfile } from '../profile.ts';
import { HBONE_PORT } from '../ztunnel/tls.ts';

const LAB = 'the lab: proxies of OpenSSL 3.0 in the namespaces of the pods';
const ZTUNNEL = 'ztunnel, src/tls/lib.rs: TLS 1.3 alone unless TLS12_ENABLED';

const SEEN: Profile['seen'] = [{ mode: 'tls', routing: 'native', agent: 'OpenSSL 3.0 of Debian 12 in the lab' }];

/** What every mesh of the lab has. */
const COMMON: Pick<TlsProfile, 'versions' | 'suites' | 'groups' | 'trustDomain' | 'certificateHours'> = {
  versions: documented(['TLS 1.3'], ZTUNNEL),
  suites: documented(['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'], ZTUNNEL),
  groups: documented(['x25519', 'secp256r1', 'secp384r1'], LAB),
  trustDomain: documented('cluster.local', LAB),
  certificateHours: documented(24, LAB),
};

/** The mesh that the lab lays out: a proxy for each pod, as ztunnel serves one, with HBONE between them. */
const hbone: Profile = {
  id: 'hbone',
  title: 'mutual TLS between the proxies of pods, HBONE on port 15008',
  agent: null,
  ipsec: null,
  wireguard: null,
  tls: {
    ...COMMON,
    port: documented(HBONE_PORT, 'Cilium 1.20 documentation, Ztunnel Transparent Encryption (Beta): port 15008'),
    identity: documented('spiffe', LAB),
    alpn: documented('h2', LAB),
    serverName: documented('none', LAB),
  },
  treatments: meshTreatments({
    document: `${LAB}; Cilium 1.20 documentation, Ztunnel Transparent Encryption (Beta): only TCP is carried`,
    routings: ['native'],
    plaintext: 'refused',
  }),
  seen: SEEN,
};

/** A mesh of the shape of Linkerd's: one TLS connection for each of the pod, to the identity of the other pod by name, with a header in it. */
const transportHeader: Profile = {
  ...hbone,
  id: 'transport-header',
  title: 'mutual TLS between the proxies of pods, a transport header on port 4143',
  tls: {
    ...COMMON,
    port: documented(LINKERD_PORTS.inbound, 'Linkerd 2.20, charts/linkerd-control-plane/values.yaml, proxy.ports.inbound'),
    identity: documented('linkerd', LAB),
    alpn: documented(LINKERD_ALPN, LAB),
    serverName: documented('identity', LAB),
  },
  treatments: meshTreatments({ document: LAB, routings: ['native'], plaintext: 'taken' }),
};

/** Every kind of TLS mesh that the lab lays out; real ones have stacks of their own. */
export const tlsProfiles: readonly Profile[] = [hbone, transportHeader];
