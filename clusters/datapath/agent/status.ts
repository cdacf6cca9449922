import type { DatapathContext } from '../context.ts';
import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import type { View } from '../topology.ts';
import { kernelMode } from './encrypt-status.ts';
import type { KernelState } from './kernel-state.ts';

/** `cilium-dbg status`, in the layout of the profile's agent. What the lab has not got is said to be off, as by the recorded agents. */
export function statusText(context: DatapathContext, view: View, kernel: KernelState): string {
  const { profile, options } = context;
  const { routing } = options.intent;
  const old = profile.id === '1.14';
  const tunnel = routing === 'native' ? 'Native' : `Tunnel [${routing}]`;
  const rows: (readonly [string, string])[] = [
    ['KVStore', old ? 'Ok   Disabled' : 'Disabled   '],
    ['Kubernetes', 'Ok         1.34 (v1.34.4) [linux/amd64]'],
    ['KubeProxyReplacement', old ? 'Disabled   ' : 'False   '],
    ['Host firewall', 'Disabled'],
    ['CNI Chaining', 'none'],
    ['Cilium', 'Ok    (v-)'],
    ['NodeMonitor', 'Disabled'],
    ['IPAM', `IPv4: ${view.self.pods.length + 1}/254 allocated from ${view.self.podCidr}, `],
    ['IPv4 BIG TCP', 'Disabled'],
    ['IPv6 BIG TCP', 'Disabled'],
    ['BandwidthManager', 'Disabled'],
    old ? ['Host Routing', 'Legacy'] : ['Routing', `Network: ${tunnel}   Host: Legacy`],
    ['Masquerading', routing === 'native' ? 'Disabled' : 'IPTables [IPv4: Enabled, IPv6: Disabled]'],
    ['Controller Status', '22/22 healthy'],
    ['Proxy Status', `OK, ip ${view.self.internal}, 0 redirects active on ports 10000-20000, Envoy: embedded`],
    ['Global Identity Range', 'min 256, max 65535'],
    ['Hubble', 'Disabled'],
    ['Encryption', encryption(kernel)],
    ['Cluster health', '        Probe disabled'],
  ];
  return `${rows.map(([name, value]) => `${`${name}:`.padEnd(25)}${value}`).join('\n')}\n`;
}

function encryption(kernel: KernelState): string {
  const mode = kernelMode(kernel).padEnd(12);
  if (!kernel.wireguard) return mode;
  const { publicKey, port, endpoints } = kernel.wireguard;
  const nodes = kernel.redirectsNodes ? 'Enabled' : 'Disabled';
  return `${mode}[NodeEncryption: ${nodes}, ${WIREGUARD_DEVICE} (Pubkey: ${publicKey}, Port: ${port}, Peers: ${endpoints.length})]`;
}
