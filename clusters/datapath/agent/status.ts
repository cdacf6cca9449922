import type { Family } from '../../../harness/model/mode.ts';
import type { DatapathContext } from '../context.ts';
import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import { perFamily, type View } from '../topology.ts';
import { kernelMode } from './encrypt-status.ts';
import type { KernelState } from './kernel-state.ts';

/** `cilium-dbg status`, in the layout of the profile's agent. What the lab does not have is reported as off, as by the recorded agents. */
export function statusText(context: DatapathContext, view: View, kernel: KernelState): string {
  const { profile, options } = context;
  const { routing } = options.intent;
  const old = !profile.statusRouting;
  const tunnel = routing === 'native' ? 'Native' : `Tunnel [${routing}]`;
  const enabled = (family: Family) => (options.intent.families.includes(family) ? 'Enabled' : 'Disabled');
  const rows: (readonly [string, string])[] = [
    ['KVStore', old ? 'Ok   Disabled' : 'Disabled   '],
    ['Kubernetes', 'Ok         1.34 (v1.34.4) [linux/amd64]'],
    ['KubeProxyReplacement', old ? 'Disabled   ' : 'False   '],
    ['Host firewall', 'Disabled'],
    ['CNI Chaining', 'none'],
    ['Cilium', 'Ok    (v-)'],
    ['NodeMonitor', 'Disabled'],
    ['IPAM', perFamily(view).map(allocated).join('')],
    ['IPv4 BIG TCP', 'Disabled'],
    ['IPv6 BIG TCP', 'Disabled'],
    ['BandwidthManager', 'Disabled'],
    old ? ['Host Routing', 'Legacy'] : ['Routing', `Network: ${tunnel}   Host: Legacy`],
    ['Masquerading', routing === 'native' ? 'Disabled' : `IPTables [IPv4: ${enabled('ipv4')}, IPv6: ${enabled('ipv6')}]`],
    ['Controller Status', '22/22 healthy'],
    ['Proxy Status', `OK, ip ${view.self.internal}, 0 redirects active on ports 10000-20000, Envoy: embedded`],
    ['Global Identity Range', 'min 256, max 65535'],
    ['Hubble', 'Disabled'],
    ['Encryption', encryption(kernel)],
    ['Cluster health', '        Probe disabled'],
  ];
  return `${rows.map(([name, value]) => `${`${name}:`.padEnd(25)}${value}`).join('\n')}\n`;
}

/** Addresses of a family's pod CIDR: all except the first and the last (pkg/ipam, host scope). */
function allocated({ self }: View): string {
  const v6 = self.family === 'ipv6';
  return `${v6 ? 'IPv6' : 'IPv4'}: ${self.pods.length + 1}/${v6 ? '18446744073709551614' : '254'} allocated from ${self.podCidr}, `;
}

function encryption(kernel: KernelState): string {
  const mode = kernelMode(kernel).padEnd(12);
  if (!kernel.wireguard) return mode;
  const { publicKey, port, endpoints } = kernel.wireguard;
  const nodes = kernel.redirectsNodes ? 'Enabled' : 'Disabled';
  return `${mode}[NodeEncryption: ${nodes}, ${WIREGUARD_DEVICE} (Pubkey: ${publicKey}, Port: ${port}, Peers: ${endpoints.length})]`;
}
