import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { wireguardCheck } from '../../harness/judge/state/state-check.ts';
import { deviceOf, endpointAddress } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd03 = wireguardCheck(
  {
    id: 'WGD-03',
    title: 'public key on the device = CiliumNode annotation `network.cilium.io/wg-pub-key` = what the agent prints = what every peer has',
    evidence: 'wg show cilium_wg0, cilium status and encrypt status of every node, CiliumNode objects, before and after',
    controls: ['L19'],
  },
  (x) => {
    const nodes = x.nodes('before', 'after');
    for (const node of nodes) {
      const device = deviceOf(x, node);
      if (device === undefined || device === null) {
        if (device === null) x.gap(`${at(node)}: there is no device cilium_wg0, so no key to compare`);
        continue;
      }
      if (device.publicKey === undefined) {
        x.gap(`${at(node)}: the device's public key was not printed`);
        continue;
      }
      annotation(x, node, device.publicKey);
      agent(x, node, device.publicKey);
      peers(x, node, device.publicKey, nodes);
    }
    return x.conclude("one public key a node, alike on its device, its CiliumNode, its agent and every peer's table", 'keys');
  },
);

function annotation(x: Examination, node: NodeState, key: string): void {
  const api = x.facts.state.api.find((a) => a.snapshot === node.snapshot);
  const published = api === undefined ? undefined : x.use(api.ciliumNodes);
  if (published === undefined) return;
  const own = published.find((n) => n.name === node.node);
  if (own === undefined) x.gap(`${at(node)}: there is no CiliumNode object of that name`);
  else
    x.expect(
      own.wireguardPublicKey === key,
      `${at(node)}: the device has ${key}, the CiliumNode publishes ${own.wireguardPublicKey ?? 'none'}`,
    );
}

function agent(x: Examination, node: NodeState, key: string): void {
  const status = x.use(node.encryptStatus);
  const brief = x.use(node.ciliumStatus);
  const printed = [...(status?.wireguard?.interfaces ?? []), ...(brief?.encryption.interfaces ?? [])].flatMap((i) =>
    i.publicKey === undefined ? [] : [i.publicKey],
  );
  if (status !== undefined && brief !== undefined && printed.length === 0) x.gap(`${at(node)}: the agent prints no public key`);
  for (const other of printed) x.expect(other === key, `${at(node)}: the device has ${key}, the agent prints ${other}`);
}

/** The table of every other node must have this key at this node's endpoint. */
function peers(x: Examination, node: NodeState, key: string, nodes: readonly NodeState[]): void {
  const { addresses } = x.facts.manifest.cluster.nodes.find((n) => n.name === node.node) ?? { addresses: [] };
  for (const other of nodes) {
    if (other.node === node.node || other.snapshot !== node.snapshot || !other.wireguard.ok || other.wireguard.value === null) continue;
    const mine = other.wireguard.value.peers.filter((p) => addresses.some((address) => sameAddress(address, endpointAddress(p))));
    for (const peer of mine)
      x.expect(
        peer.publicKey === key,
        `${at(other)}: its peer at ${peer.endpoint} has ${peer.publicKey}, the device of ${node.node} has ${key}`,
      );
  }
}
