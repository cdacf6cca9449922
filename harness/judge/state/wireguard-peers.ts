import type { WireguardDevice, WireguardPeer } from '../../decode/kernel/wireguard-items.ts';
import type { NodeDescription } from '../../model/cluster.ts';
import type { AgentWireguardInterface } from '../../stacks/agent-items.ts';
import type { Examination } from './examination.ts';
import { addressKey } from './networks.ts';
import type { NodeState } from './node-state.ts';
import { endpointAddress } from './peer-endpoint.ts';

/** The device of a node; undefined when it could not be read, null when the node has none. */
export function deviceOf(x: Examination, node: NodeState): WireguardDevice | null | undefined {
  return x.use(node.wireguard);
}

/**
 * The public key of each node by name: that of its device, else the one that the node publishes. The device is the stronger evidence; the
 * annotation is used if the device could not be read.
 */
export function publicKeys(x: Examination, snapshot: NodeState['snapshot']): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const api = x.facts.state.api.find((a) => a.snapshot === snapshot);
  if (api?.nodeObjects.ok)
    for (const { name, wireguardPublicKey } of api.nodeObjects.value)
      if (wireguardPublicKey !== undefined) keys.set(name, wireguardPublicKey);
  for (const node of x.facts.state.nodes) {
    if (node.snapshot !== snapshot || !node.wireguard.ok || node.wireguard.value?.publicKey === undefined) continue;
    keys.set(node.node, node.wireguard.value.publicKey);
  }
  return keys;
}

/** The first peer of a device with a key, and the number of the first with an endpoint at an address. */
interface PeerIndex {
  readonly byKey: ReadonlyMap<string, WireguardPeer>;
  readonly byAddress: ReadonlyMap<string, number>;
}

/** A node of a large cluster has a peer for each other node: comparing each with each takes the square of their number. */
const INDEXES = new WeakMap<WireguardDevice, PeerIndex>();

function indexOf(device: WireguardDevice): PeerIndex {
  const known = INDEXES.get(device);
  if (known !== undefined) return known;
  const reversed = device.peers.map((peer, number) => ({ peer, number })).reverse();
  const index = {
    byKey: new Map(reversed.map(({ peer }) => [peer.publicKey, peer])),
    byAddress: new Map(reversed.map(({ peer, number }) => [addressKey(endpointAddress(peer)), number])),
  };
  INDEXES.set(device, index);
  return index;
}

/** The peer of a node: by its key, else by its endpoint's address. */
export function peerOf(device: WireguardDevice, node: NodeDescription, keys: ReadonlyMap<string, string>): WireguardPeer | undefined {
  const { byKey, byAddress } = indexOf(device);
  const byOwnKey = byKey.get(keys.get(node.name) ?? '');
  if (byOwnKey !== undefined) return byOwnKey;
  const numbers = node.addresses.flatMap((address) => byAddress.get(addressKey(address)) ?? []);
  return numbers.length === 0 ? undefined : device.peers[Math.min(...numbers)];
}

/** What the agent reports about the device, in each of its readable answers. */
export function agentInterfaces({ agentStatus, encryptionStatus }: NodeState): readonly AgentWireguardInterface[] {
  return [
    ...(agentStatus.ok ? agentStatus.value.encryption.interfaces : []),
    ...(encryptionStatus.ok ? (encryptionStatus.value.wireguard?.interfaces ?? []) : []),
  ];
}
