import type { WireguardDevice, WireguardPeer } from '../../decode/kernel/wireguard-items.ts';
import type { NodeDescription } from '../../model/cluster.ts';
import type { AgentWireguardInterface } from '../../stacks/agent-items.ts';
import type { Examination } from './examination.ts';
import { sameAddress } from './networks.ts';
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

/** The peer of a node: by its key, else by its endpoint's address. */
export function peerOf(device: WireguardDevice, node: NodeDescription, keys: ReadonlyMap<string, string>): WireguardPeer | undefined {
  const key = keys.get(node.name);
  return (
    device.peers.find((peer) => peer.publicKey === key) ??
    device.peers.find((peer) => node.addresses.some((address) => sameAddress(address, endpointAddress(peer))))
  );
}

/** What the agent reports about the device, in each of its readable answers. */
export function agentInterfaces({ agentStatus, encryptionStatus }: NodeState): readonly AgentWireguardInterface[] {
  return [
    ...(agentStatus.ok ? agentStatus.value.encryption.interfaces : []),
    ...(encryptionStatus.ok ? (encryptionStatus.value.wireguard?.interfaces ?? []) : []),
  ];
}
