import type { Check } from '../../harness/judge/check.ts';
import { describedNode } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { coversNetwork, familyOf, overlap, podCidrs, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { AddressMapEntry } from '../../harness/stacks/agent-items.ts';

/** Identities of nodes and of their services: host, remote-node, kube-apiserver, ingress (pkg/identity/numericidentity.go). */
const OF_NODES = new Set([1, 6, 7, 8]);

/**
 * Identities of addresses outside the cluster, with or without a family (pkg/identity/numericidentity.go: world, world-ipv4, world-ipv6),
 * and unknown.
 */
const OF_OUTSIDE = new Set([0, 2, 9, 10]);

/** The map with which the datapath decides for each packet whether to encrypt. */
export const cfg08: Check = {
  id: 'CFG-08',
  must: "In every agent's ipcache each pod of another node has the key id in use and, with a tunnel, that node as its tunnel endpoint; each pod has the same identity in every ipcache, and it is not an identity of addresses outside the cluster",
  modes: ['ipsec', 'wireguard'],
  evidence: 'address map of every agent, ip xfrm state of every node, before',
  needs: ['agent-shell'],
  comparesNodes: true,
  remedy: `See the entries on the named node: \`{agent} bpf ipcache list\`. Key 0 sends to that pod in the clear. {restartAgents} writes the map again; if the entry comes back, look at the {nodeObject} and {podObject} of that pod.`,
  judge(x) {
    for (const node of x.once('addressMap')) {
      const entries = x.use(node.addressMap);
      if (entries === undefined) continue;
      const own = describedNode(x, node.node);
      for (const peer of x.facts.manifest.cluster.nodes) if (peer !== own) judgePeer(x, node, peer, entries);
    }
    judgeIdentities(x);
    return x.conclude('entries');
  },
};

/**
 * Agents use the identity of a source to decide which packets are allowed and, with some options, which must be encrypted: all agents must
 * have the same identity for it.
 */
function judgeIdentities(x: Examination): void {
  const { pods, nodes } = x.facts.manifest.cluster;
  const ofNodes = nodes.flatMap(({ addresses }) => addresses);
  const maps = x.once('addressMap').flatMap((node) => (node.addressMap.ok ? [{ node, entries: node.addressMap.value }] : []));
  for (const pod of pods)
    for (const address of pod.addresses.filter((own) => !ofNodes.includes(own))) {
      const found = maps.flatMap(({ node, entries }) =>
        entries.filter(({ prefix }) => sameAddress(prefix, address)).map(({ identity }) => ({ node, identity })),
      );
      const identities = new Set(found.map(({ identity }) => identity));
      const name = `pod ${pod.namespace}/${pod.name} (${address})`;
      for (const { node, identity } of found)
        x.expect(
          !OF_OUTSIDE.has(identity),
          `${at(node)}: ${name} has the identity ${identity}, which is for addresses outside the cluster`,
          {
            node: node.node,
          },
        );
      x.expect(
        identities.size <= 1,
        `${name} has several identities: ${found.map(({ node, identity }) => `${identity} on ${node.node}`).join(', ')}`,
      );
    }
}

function judgePeer(x: Examination, node: NodeState, peer: NodeDescription, entries: readonly AddressMapEntry[]): void {
  const { cluster, intent } = x.facts.manifest;
  const due = keysOf(x, node, peer);
  if (due.size === 0) {
    x.gap(`${peer.name} ${node.snapshot}: none of its SAs was read, so it is not known which key ids it can decrypt`, { node: peer.name });
    return;
  }
  const cidrs = podCidrs(peer, intent.families);
  const pods = cluster.pods.filter((pod) => pod.node === peer.name).flatMap((pod) => pod.addresses);
  for (const address of pods.filter((a) => intent.families.includes(familyOf(a) ?? 'ipv4') && !peer.addresses.includes(a))) {
    const [best] = entries
      .filter(({ prefix }) => coversNetwork(prefix, address))
      .sort((a, b) => Number(b.prefix.split('/')[1] ?? 128) - Number(a.prefix.split('/')[1] ?? 128));
    const known = best !== undefined && cidrs.concat(pods).some((range) => coversNetwork(range, best.prefix));
    if (!known)
      x.fault(`${at(node)}: the ipcache has no entry for ${address} on ${peer.name}: packets to it are treated as packets to the outside`, {
        node: node.node,
      });
  }
  for (const entry of entries) {
    const ofPods = cidrs.some((cidr) => coversNetwork(cidr, entry.prefix)) || pods.some((pod) => sameAddress(pod, entry.prefix));
    const isRouter = peer.internalAddresses.some((own) => sameAddress(own, entry.prefix));
    if (!ofPods || isRouter || OF_NODES.has(entry.identity) || !cidrs.some((cidr) => overlap(cidr, entry.prefix))) continue;
    const where = `${at(node)}: ipcache entry ${entry.prefix} of ${peer.name}`;
    x.expect(due.has(entry.encryptKey), `${where} has key id ${entry.encryptKey}, the key id in use is ${[...due].join(', ')}`, {
      node: node.node,
    });
    const endpoint = entry.tunnelEndpoint.replace(/,$/, '');
    if (intent.routing !== 'native')
      x.expect(
        peer.addresses.some((own) => sameAddress(own, endpoint)),
        `${where} has the tunnel endpoint ${endpoint}, which is not an address of that node`,
        { node: node.node },
      );
  }
}

/** Key ids allowed for packets to a node: those of its SAs, two during a rotation; with WireGuard one number. */
function keysOf(x: Examination, { snapshot }: NodeState, peer: NodeDescription): ReadonlySet<number> {
  if (x.facts.manifest.intent.mode === 'wireguard') return new Set([x.wireguard.keyId.value]);
  const { xfrmStates } = x.facts.state.nodes.find((n) => n.node === peer.name && n.snapshot === snapshot) ?? {};
  if (xfrmStates?.ok !== true) return new Set();
  x.cite(...xfrmStates.evidence);
  return new Set(xfrmStates.value.map((sa) => Number(sa.spi)).filter((id) => id !== 0));
}
