import { documented, recorded } from '../../origin.ts';
import type { WireguardProfile } from '../../profile.ts';

const GENEVE = 'as vxlan: the tunnel type does not touch WireGuard';
const PROTOCOL = 'WireGuard paper, section 6.1: a session that carries traffic is renewed after 120 s and dead after 180 s';

/** WireGuard of 1.14, seen on agent 1.14.5: the bare pod packet inside. */
export function wireguard114(agent: string): WireguardProfile {
  const native = 'agent 1.14.5 vxlan; in native routing the same packet is encrypted';
  return {
    device: 'cilium_wg0',
    port: recorded(51871, agent),
    fwmarks: recorded([0x1e00], agent),
    allowedIps: {
      vxlan: recorded('node-and-pods', agent),
      geneve: documented('node-and-pods', GENEVE),
      // requireNodesInPeerList: with a tunnel or node encryption only
      native: recorded('pods', 'agent 1.14.5, two nodes, native; pkg/wireguard/agent/agent.go'),
    },
    inside: { vxlan: recorded('bare', agent), geneve: documented('bare', GENEVE), native: documented('bare', native) },
    keyId: recorded(255, agent),
    podMtuOverhead: { vxlan: recorded(80, agent), geneve: documented(80, GENEVE), native: documented(80, native) },
    podRouteDevices: {
      vxlan: recorded(['cilium_host', 'cilium_wg0'], agent),
      geneve: documented(['cilium_host', 'cilium_wg0'], GENEVE),
      native: documented(['uplink', 'cilium_host', 'cilium_wg0'], native),
    },
    handshakeMaxAge: documented(180, PROTOCOL),
  };
}

/** WireGuard of 1.16 and 1.17, which were not recorded: the tunnel packet inside since 1.15, allowed-ips as in 1.14. */
export function wireguard116(version: string): WireguardProfile {
  const source = `pkg/wireguard of ${version}, between agents 1.14.5 and 1.18.3`;
  return {
    device: 'cilium_wg0',
    port: documented(51871, source),
    fwmarks: documented([0x1e00, 0xe00], 'agents 1.14.5 (0x1e00) and 1.18.3 (0xe00); the change lies between'),
    allowedIps: {
      vxlan: documented('node-and-pods', source),
      geneve: documented('node-and-pods', GENEVE),
      native: documented('node-and-pods', source),
    },
    inside: { vxlan: documented('tunnel', source), geneve: documented('tunnel', GENEVE), native: documented('bare', source) },
    keyId: documented(255, source),
    podMtuOverhead: { vxlan: documented(130, source), geneve: documented(130, GENEVE), native: documented(80, source) },
    podRouteDevices: {
      vxlan: documented(['cilium_host'], source),
      geneve: documented(['cilium_host'], GENEVE),
      native: documented(['uplink', 'cilium_host', 'cilium_wg0'], source),
    },
    handshakeMaxAge: documented(180, PROTOCOL),
  };
}

/** WireGuard from 1.18, seen on agents 1.18.3 and 1.20.0-dev: in tunnel mode the tunnel packet inside, node addresses only. */
export function wireguardFrom118(agent: string): WireguardProfile {
  const native = 'sample 1.18.1 native (fwmark 0xe00, allowed-ips with pod addresses)';
  return {
    device: 'cilium_wg0',
    port: recorded(51871, agent),
    fwmarks: recorded([0xe00], agent),
    allowedIps: { vxlan: recorded('node', agent), geneve: documented('node', GENEVE), native: documented('node-and-pods', native) },
    inside: { vxlan: recorded('tunnel', agent), geneve: documented('tunnel', GENEVE), native: documented('bare', native) },
    keyId: recorded(255, agent),
    podMtuOverhead: { vxlan: recorded(130, agent), geneve: documented(130, GENEVE), native: documented(80, native) },
    podRouteDevices: {
      vxlan: recorded(['cilium_host'], agent),
      geneve: documented(['cilium_host'], GENEVE),
      native: documented(['uplink', 'cilium_host', 'cilium_wg0'], native),
    },
    handshakeMaxAge: documented(180, PROTOCOL),
  };
}
