import { at } from '../../harness/judge/state/examination.ts';
import { sameAddress } from '../../harness/judge/state/networks.ts';
import { wireguardCheck } from '../../harness/judge/state/state-check.ts';
import { deviceOf, endpointAddress, peerOf, publicKeys } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd02 = wireguardCheck(
  {
    id: 'WGD-02',
    title: 'peers on each node = all other nodes, none besides',
    evidence: 'wg show cilium_wg0 on every node, CiliumNode objects, before and after',
    controls: ['L17'],
  },
  (x) => {
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) {
        x.fault(`${at(node)}: there is no device cilium_wg0, so no peer`);
        continue;
      }
      const keys = publicKeys(x, node.snapshot);
      const others = x.facts.manifest.cluster.nodes.filter((n) => n.name !== node.node);
      const known = new Set<string>();
      for (const other of others) {
        const peer = peerOf(device, other, keys);
        x.expect(peer !== undefined, `${at(node)}: no peer for ${other.name}`);
        if (peer === undefined) continue;
        known.add(peer.publicKey);
        const endpoint = endpointAddress(peer);
        if (endpoint !== '')
          x.expect(
            other.addresses.some((address) => sameAddress(address, endpoint)),
            `${at(node)}: the peer of ${other.name} has its endpoint at ${peer.endpoint}, which is not that node's`,
          );
      }
      for (const peer of device.peers)
        if (!known.has(peer.publicKey)) x.fault(`${at(node)}: foreign peer ${peer.publicKey} at ${peer.endpoint ?? 'no endpoint'}`);
    }
    return x.conclude('one peer for each other node, and no other', 'peers');
  },
);
