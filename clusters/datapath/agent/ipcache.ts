import { createHash } from 'node:crypto';
import type { DatapathContext } from '../context.ts';
import { type Peer, perFamily, type View } from '../topology.ts';
import type { KernelState } from './kernel-state.ts';

const WIREGUARD_KEY_ID = 255;

/** `cilium-dbg bpf ipcache list`: the node of each address, and the key for packets to it, if the kernel can encrypt to it. */
export function ipcacheText(context: DatapathContext, view: View, kernel: KernelState): string {
  const { profile } = context;
  const flagged = profile.ipcache !== 'plain';
  const recent = profile.ipcache === 'tunnel-flags';
  const flags = (tunnel: boolean) => (flagged ? ` flags=${tunnel && recent ? 'hastunnel' : '<none>'}` : '');
  const row = (prefix: string, identity: number, key: number, endpoint: string): [string, string] => [
    prefix,
    `identity=${identity} encryptkey=${key} tunnelendpoint=${endpoint}${flags(endpoint !== NOWHERE)}`,
  ];
  // With node encryption agents give the key to nodes and cilium_host addresses too (seen on 1.18.3).
  const nodeKey = kernel.redirectsNodes ? WIREGUARD_KEY_ID : 0;
  const own = ownKey(kernel);
  const rows = perFamily(view).flatMap(({ self, peers }) => {
    const bits = self.family === 'ipv6' ? 128 : 32;
    return [
      row(self.family === 'ipv6' ? '::/0' : '0.0.0.0/0', 2, 0, NOWHERE),
      row(`${self.address}/${bits}`, 1, nodeKey, NOWHERE),
      row(`${self.internal}/${bits}`, 1, nodeKey, NOWHERE),
      ...self.pods.map((pod) => row(`${pod.address}/${bits}`, identityOf(pod.name), own, NOWHERE)),
      ...peers.flatMap((peer) => {
        const key = peerKey(kernel, peer);
        return [
          row(`${peer.address}/${bits}`, 6, nodeKey, nodeKey === 0 ? NOWHERE : peer.underlay),
          row(`${peer.internal}/${bits}`, 6, nodeKey, peer.underlay),
          ...(recent ? [row(peer.podCidr, 2, key, peer.underlay)] : []),
          ...peer.pods.map((pod) => row(`${pod.address}/${bits}`, identityOf(pod.name), key, peer.underlay)),
        ];
      }),
    ];
  });
  const width = Math.max(...rows.map(([, value]) => value.length)) + 3;
  const column = Math.max(20, ...rows.map(([prefix]) => prefix.length + 3));
  return `${'IP PREFIX/ADDRESS'.padEnd(column)}IDENTITY\n${rows.map(([prefix, value]) => `${prefix.padEnd(column)}${value.padEnd(width)}`).join('\n')}\n`;
}

const NOWHERE = '0.0.0.0';

function ownKey(kernel: KernelState): number {
  if (kernel.wireguard) return WIREGUARD_KEY_ID;
  return kernel.states[0]?.spi ?? 0;
}

function peerKey(kernel: KernelState, peer: Peer): number {
  if (kernel.wireguard)
    return kernel.wireguard.endpoints.some((endpoint) => endpoint.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') === peer.underlay)
      ? WIREGUARD_KEY_ID
      : 0;
  return kernel.states.find((state) => state.dst === peer.internal || state.dst === peer.address)?.spi ?? 0;
}

/** A stable security identity of a pod, in the range of cluster-local ones (256 to 65535). */
function identityOf(pod: string): number {
  return 256 + (createHash('sha256').update(pod).digest().readUInt16BE(0) % 65280);
}
