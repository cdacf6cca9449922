import { ROUTINGS } from '../../model/mode.ts';
import { meshTreatments } from '../mesh-treatments.ts';
import { documented } from '../origin.ts';
import type { Profile } from '../profile.ts';
import { ztunnelTls } from '../ztunnel/tls.ts';

/** The first release in which it is documented (beta). */
export const ciliumZtunnelProfiles: readonly Profile[] = [
  {
    id: '1.20',
    title: 'Cilium 1.20 with ztunnel (beta), from its source',
    agent: null,
    ipsec: null,
    wireguard: null,
    tls: ztunnelTls({
      // The image of operator/pkg/ztunnel/ztunnel-daemonset.yaml.
      ztunnel: '1.28.0',
      trustDomain: documented(
        'cluster.local',
        'Cilium 1.20, pkg/ztunnel/xds/endpoint_event.go sends none; ztunnel 1.28.0, src/state/workload.rs: then the default one',
      ),
      certificateHours: documented(30 * 24, 'Cilium 1.20, pkg/ztunnel/ca/ca_server.go, createCertificate'),
    }),
    treatments: meshTreatments({
      document:
        'Cilium 1.20, Documentation/security/network/encryption-ztunnel.rst, Limitations; pkg/ztunnel/iptables/inpod.go: port 15006',
      routings: ROUTINGS,
      plaintext: 'taken',
    }),
    // With a ztunnel that was built from its source (a commit after 1.31.0-rc.0) in place of the image that the chart names.
    seen: [{ mode: 'tls', routing: 'vxlan', agent: 'agent 1.20.2 in place of kube-proxy, ztunnel built from source, two nodes' }],
  },
];
