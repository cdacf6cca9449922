import { ROUTINGS } from '../../model/mode.ts';
import { meshTreatments } from '../mesh-treatments.ts';
import { documented, recorded } from '../origin.ts';
import type { Profile, TlsProfile } from '../profile.ts';
import { ztunnelTls } from '../ztunnel/tls.ts';

/** What was run by hand: the program alone, without Istio around it. */
const RUN = 'ztunnel of the commit 62d8265 (after 1.31.0-rc.0), provider aws-lc, run in two network namespaces';

function ambient(minor: number, ztunnel: string, seen: (tls: TlsProfile) => TlsProfile = (tls) => tls): Profile {
  const istio = `istio ${ztunnel}`;
  return {
    id: `1.${minor}`,
    title: `Istio 1.${minor} ambient, from its source`,
    agent: null,
    ipsec: null,
    wireguard: null,
    tls: seen(
      ztunnelTls({
        ztunnel,
        trustDomain: documented(
          'cluster.local',
          `${istio}, manifests/charts/istio-control/istio-discovery/values.yaml: trustDomain of the mesh`,
        ),
        certificateHours: documented(24, `${istio}, security/pkg/cmd/constants.go, DefaultWorkloadCertTTL`),
      }),
    ),
    treatments: meshTreatments({
      document: `${istio}, cni/pkg/iptables and cni/pkg/nftables; pilot/pkg/model/authentication.go: PERMISSIVE unless a PeerAuthentication says STRICT`,
      routings: ROUTINGS,
      plaintext: 'by-policy',
    }),
    seen: [],
  };
}

/** The values that the captures, the logs and the configuration of the program showed. */
function asSeen(tls: TlsProfile): TlsProfile {
  const { port, versions, suites, groups, alpn, serverName, identity } = tls;
  return {
    ...tls,
    port: recorded(port.value, RUN),
    versions: recorded(versions.value, RUN),
    suites: recorded(suites.value, RUN),
    groups: recorded(groups.value, RUN),
    alpn: recorded(alpn.value, RUN),
    serverName: recorded(serverName.value, RUN),
    identity: recorded(identity.value, RUN),
  };
}

/** Releases whose source was read; the one of the last was not yet out. */
export const ambientProfiles: readonly Profile[] = [
  ambient(27, '1.27.0'),
  ambient(28, '1.28.0'),
  ambient(29, '1.29.0'),
  ambient(30, '1.30.0'),
  ambient(31, '1.31.0-rc.0', asSeen),
];
