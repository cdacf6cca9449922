import { documented } from '../origin.ts';
import type { Profile, TreatmentRule, WireguardProfile } from '../profile.ts';

const PROTOCOL = 'WireGuard paper, section 6.1: a session that carries traffic is renewed after 120 s and dead after 180 s';
const KERNEL = 'routes of the pod CIDRs by the device (wg(8), "Cryptokey routing")';

/** UDP port of WireGuard that is registered with IANA. */
export const PORT = 51_820;

function wireguard(device: string, source: string): WireguardProfile {
  return {
    device,
    port: documented(PORT, source),
    fwmarks: documented([0], source),
    allowedIps: {
      vxlan: documented('pods', source),
      geneve: documented('pods', source),
      native: documented('pods', source),
    },
    inside: { vxlan: documented('bare', source), geneve: documented('bare', source), native: documented('bare', source) },
    keyId: documented(0, 'there is no key id'),
    podMtuOverhead: { vxlan: documented(80, KERNEL), geneve: documented(80, KERNEL), native: documented(80, KERNEL) },
    podRouteDevices: { vxlan: documented([device], KERNEL), geneve: documented([device], KERNEL), native: documented([device], KERNEL) },
    handshakeMaxAge: documented(180, PROTOCOL),
  };
}

const rule = (paths: TreatmentRule['paths'], treatment: TreatmentRule['treatment'], reason: string): TreatmentRule => ({
  modes: ['wireguard'],
  routings: ['native'],
  nodeEncryption: false,
  paths,
  treatment,
  reason,
  source: 'documented',
  document: KERNEL,
});

/** Packets to a remote pod are routed by the device; packets to a node's address are not. */
const TREATMENTS: readonly TreatmentRule[] = [
  rule(['pod-pod', 'pod-service', 'node-pod', 'outside-pod'], 'encrypted', 'pods of another node are reached by the WireGuard device'),
  rule(['same-node'], 'clear-by-design', 'traffic that stays on its node does not reach the wire'),
  rule(['outside-node'], 'clear-by-design', 'the client is outside the mesh, and the pod is on the node that it asks'),
  rule(['node-node', 'pod-node'], 'clear-by-design', 'the address of a node is reached by its uplink, not by the WireGuard device'),
];

/** A mesh configured by hand or by wg-quick: `wg0`, the registered port. */
const mesh: Profile = {
  id: 'mesh',
  title: 'WireGuard between the nodes by hand, device wg0',
  agent: null,
  ipsec: null,
  wireguard: wireguard('wg0', 'wg-quick(8), port registered with IANA'),
  treatments: TREATMENTS,
  seen: [{ mode: 'wireguard', routing: 'native', agent: 'wg of Debian 12 in the lab, kernel 6.1' }],
};

/** flannel with its WireGuard backend. Source: flannel v0.28, pkg/backend/wireguard (device `flannel-wg`, ListenPort 51820). */
export const flannel: Profile = {
  ...mesh,
  id: 'flannel',
  title: 'flannel, backend wireguard',
  wireguard: wireguard('flannel-wg', 'flannel v0.28, pkg/backend/wireguard'),
  seen: [{ mode: 'wireguard', routing: 'native', agent: 'flanneld 0.28.10, two nodes' }],
};

/** Every known kind of mesh. */
export const meshProfiles: readonly Profile[] = [mesh, flannel];
