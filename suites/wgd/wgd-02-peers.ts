import type { Check } from '../../harness/judge/check.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { sameAddress } from '../../harness/judge/state/networks.ts';
import { endpointAddress } from '../../harness/judge/state/peer-endpoint.ts';
import { agentInterfaces, deviceOf, peerOf, publicKeys } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd02: Check = {
  id: 'WGD-02',
  must: 'The peers of each node are all other nodes and no others',
  modes: ['wireguard'],
  evidence: 'wg show {wireguardDevice} on every node, {nodeObject} objects, before and after',
  needs: ['host-shell'],
  remedy: `Compare \`wg show {wireguardDevice} peers\` on the named node with the published keys: \`{getNodes} -o custom-columns=NAME:.metadata.name,KEY:.metadata.annotations.{publicKeyField}\`. {restartAgents} adds a missing peer; remove a foreign one at once: \`wg set {wireguardDevice} peer KEY remove\`, and treat the node as compromised.`,
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) {
        x.fault(`${at(node)}: there is no device ${x.words.wireguardDevice}, so no peer`, { node: node.node });
        continue;
      }
      const keys = publicKeys(x, node.snapshot);
      const others = x.facts.manifest.cluster.nodes.filter((n) => n.name !== node.node);
      const known = new Set<string>();
      for (const other of others) {
        const peer = peerOf(device, other, keys);
        x.expect(peer !== undefined, `${at(node)}: no peer for ${other.name}`, { node: node.node });
        if (peer === undefined) continue;
        known.add(peer.publicKey);
        const endpoint = endpointAddress(peer);
        const port = x.wireguard.port.value;
        if (endpoint === '')
          x.fault(`${at(node)}: the peer of ${other.name} has no endpoint: nothing can be sent to it`, { node: node.node });
        else
          x.expect(
            other.addresses.some((address) => sameAddress(address, endpoint)) && peer.endpoint?.endsWith(`:${port}`) === true,
            `${at(node)}: the peer of ${other.name} has its endpoint at ${peer.endpoint}, which is not port ${port} of that node`,
            { node: node.node },
          );
      }
      for (const { peerCount } of agentInterfaces(node))
        if (peerCount !== undefined)
          x.expect(
            peerCount === others.length,
            `${at(node)}: the agent counts ${peerCount} peer(s), there are ${others.length} other node(s)`,
            { node: node.node },
          );
      for (const peer of device.peers)
        if (!known.has(peer.publicKey))
          x.fault(`${at(node)}: foreign peer ${peer.publicKey} at ${peer.endpoint ?? 'no endpoint'}`, { node: node.node });
    }
    return x.conclude('peers');
  },
};
