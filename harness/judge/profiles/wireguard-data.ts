import { documented, recorded } from './origin.ts';
import type { Sourced, WireguardProfile } from './profile.ts';

const GENEVE = 'as vxlan: the tunnel type does not touch WireGuard';
const PROTOCOL = 'WireGuard paper, section 6.1: a session that carries traffic is renewed after 120 s and dead after 180 s';

/** WireGuard up to 1.17, seen on agent 1.14.5: the bare pod packet inside. */
export function wireguardTo117(fwmarks: Sourced<readonly number[]>, agent: string): WireguardProfile {
  const value = agent.includes('1.14') ? recorded : documented;
  const native = 'agent 1.14.5 vxlan; in native routing the same packet is encrypted';
  return {
    device: 'cilium_wg0',
    port: value(51871, agent),
    fwmarks,
    allowedIps: {
      vxlan: value('node-and-pods', agent),
      geneve: documented('node-and-pods', GENEVE),
      native: documented('node-and-pods', native),
    },
    inside: { vxlan: value('bare', agent), geneve: documented('bare', GENEVE), native: documented('bare', native) },
    keyId: value(255, agent),
    podMtuOverhead: { vxlan: value(80, agent), geneve: documented(80, GENEVE), native: documented(80, native) },
    podRouteDevices: {
      vxlan: value(['cilium_host', 'cilium_wg0'], agent),
      geneve: documented(['cilium_host', 'cilium_wg0'], GENEVE),
      native: documented(['uplink', 'cilium_host', 'cilium_wg0'], native),
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
