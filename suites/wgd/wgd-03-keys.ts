import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { type ClusterEnds, readPeerEnds } from '../../harness/judge/state/node-ends.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { deviceOf } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd03: Check = {
  id: 'WGD-03',
  must: 'The public key of each device is the one that its node publishes, that its agent prints and that every peer has',
  modes: ['wireguard'],
  evidence: 'wg show {wireguardDevice}, status and encryption status of every agent, {nodeObject} objects, before and after',
  needs: ['host-shell', 'node-objects'],
  remedy: `Compare \`wg show {wireguardDevice} public-key\` on the named node with \`{getNodes} NODE -o yaml | grep wg-pub-key\`. {restartAgents} publishes the device's key again. If the {nodeObject} has a key that no device has, another client wrote it: read the audit log of the API server.`,
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined || device === null) {
        if (device === null) x.gap(`${at(node)}: there is no device ${x.words.wireguardDevice}, so no key to compare`, { node: node.node });
        continue;
      }
      if (device.publicKey === undefined) {
        x.gap(`${at(node)}: the device's public key was not printed`, { node: node.node });
        continue;
      }
      annotation(x, node, device.publicKey);
      agent(x, node, device.publicKey);
    }
    expectPeerKeys(x, readPeerEnds(x));
    return x.conclude('keys');
  },
  across: expectPeerKeys,
};

function annotation(x: Examination, node: NodeState, key: string): void {
  const api = x.facts.state.api.find((a) => a.snapshot === node.snapshot);
  const published = api === undefined ? undefined : x.use(api.nodeObjects);
  if (published === undefined) return;
  const own = published.find((n) => n.name === node.node);
  if (own === undefined) x.gap(`${at(node)}: there is no ${x.words.nodeObject} object of that name`, { node: node.node });
  else
    x.expect(
      own.wireguardPublicKey === key,
      `${at(node)}: the device has ${key}, the ${x.words.nodeObject} publishes ${own.wireguardPublicKey ?? 'none'}`,
      { node: node.node },
    );
}

function agent(x: Examination, node: NodeState, key: string): void {
  const status = x.use(node.encryptionStatus);
  const brief = x.use(node.agentStatus);
  const printed = [...(status?.wireguard?.interfaces ?? []), ...(brief?.encryption.interfaces ?? [])].flatMap((i) =>
    i.publicKey === undefined ? [] : [i.publicKey],
  );
  if (status !== undefined && brief !== undefined && printed.length === 0)
    x.gap(`${at(node)}: the agent prints no public key`, { node: node.node });
  for (const other of printed)
    x.expect(other === key, `${at(node)}: the device has ${key}, the agent prints ${other}`, { node: node.node });
}

/** Every node has the key of another node's device for the peer at that node's endpoint. */
function expectPeerKeys(x: Examination, ends: ClusterEnds): void {
  for (const own of ends.all())
    for (const { peer, endpoint, key } of own.peers()) {
      const device = ends.of(peer, own.snapshot)?.deviceKey;
      if (device === undefined) continue;
      if (key === device) x.held();
      else x.fault(`${at(own)}: its peer at ${endpoint} has ${key}, the device of ${peer} has ${device}`, { node: own.node });
    }
}
