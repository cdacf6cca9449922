import type { Check } from '../../harness/judge/check.ts';
import { describedNode } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { addressKey, coversNetwork, familyOf, overlap, podCidrs, sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { RangeIndex } from '../../harness/judge/state/range-index.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { AddressMapEntry } from '../../harness/stacks/agent-items.ts';
import type { Encapsulation } from '../../harness/stacks/profile.ts';

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
    const peers = peersOf(x);
    const owners = ownersOf(peers);
    const dueTo = keyIdsOf(x);
    for (const node of x.once('addressMap')) {
      const entries = x.use(node.addressMap);
      if (entries === undefined) continue;
      const own = describedNode(x, node.node);
      const map = { entries: new RangeIndex(entries.map((entry) => [entry.prefix, entry] as const)), of: entriesOf(entries, owners) };
      for (const peer of peers) if (peer.node !== own) judgePeer(x, node, { peer, map, due: dueTo(peer.node, node.snapshot) });
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
  const ofNodes = new Set(nodes.flatMap(({ addresses }) => addresses));
  const maps = x.once('addressMap').flatMap((node) => {
    if (!node.addressMap.ok) return [];
    return [{ node, entries: Map.groupBy(node.addressMap.value, ({ prefix }) => addressKey(prefix)) }];
  });
  for (const pod of pods)
    for (const address of pod.addresses.filter((own) => !ofNodes.has(own))) {
      const found = maps.flatMap(({ node, entries }) =>
        (entries.get(addressKey(address)) ?? []).map(({ identity }) => ({ node, identity })),
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

/** A node and what the map of the others should have of it. */
interface Peer {
  readonly node: NodeDescription;
  readonly cidrs: readonly string[];
  /** Addresses of its pods. */
  readonly pods: readonly string[];
}

/** The map of one node. */
interface AddressMap {
  readonly entries: RangeIndex<AddressMapEntry>;
  /** Entries for pods of each peer, by the peer. */
  readonly of: ReadonlyMap<Peer, readonly AddressMapEntry[]>;
}

function peersOf(x: Examination): readonly Peer[] {
  const { cluster, intent } = x.facts.manifest;
  const pods = Map.groupBy(cluster.pods, ({ node }) => node);
  return cluster.nodes.map((node) => ({
    node,
    cidrs: podCidrs(node, intent.families),
    pods: (pods.get(node.name) ?? []).flatMap(({ addresses }) => addresses),
  }));
}

/** Whose pods have which addresses. */
function ownersOf(peers: readonly Peer[]): RangeIndex<Peer> {
  const owners = new RangeIndex<Peer>();
  for (const peer of peers) {
    for (const cidr of peer.cidrs) owners.add(cidr, peer);
    for (const pod of peer.pods) owners.add(pod, peer);
  }
  return owners;
}

/** An entry is looked up among the nodes, and not every node among the entries: a node of a large cluster has an entry for each pod. */
function entriesOf(entries: readonly AddressMapEntry[], owners: RangeIndex<Peer>): ReadonlyMap<Peer, readonly AddressMapEntry[]> {
  const found = new Map<Peer, AddressMapEntry[]>();
  for (const entry of entries)
    for (const peer of new Set(owners.covering(entry.prefix))) {
      const own = found.get(peer);
      if (own === undefined) found.set(peer, [entry]);
      else own.push(entry);
    }
  return found;
}

function judgePeer(
  x: Examination,
  node: NodeState,
  { peer, map, due }: { readonly peer: Peer; readonly map: AddressMap; readonly due: ReadonlySet<number> },
): void {
  const { intent } = x.facts.manifest;
  const {
    cidrs,
    pods,
    node: { name, addresses, internalAddresses },
  } = peer;
  if (due.size === 0) {
    x.gap(`${name} ${node.snapshot}: none of its SAs was read, so it is not known which key ids it can decrypt`, { node: name });
    return;
  }
  for (const address of pods.filter((a) => intent.families.includes(familyOf(a) ?? 'ipv4') && !addresses.includes(a))) {
    const [best] = map.entries.covering(address);
    const known = best !== undefined && cidrs.concat(pods).some((range) => coversNetwork(range, best.prefix));
    if (!known)
      x.fault(`${at(node)}: the ipcache has no entry for ${address} on ${name}: packets to it are treated as packets to the outside`, {
        node: node.node,
      });
  }
  for (const entry of map.of.get(peer) ?? []) {
    const ofPods = cidrs.some((cidr) => coversNetwork(cidr, entry.prefix)) || pods.some((pod) => sameAddress(pod, entry.prefix));
    const isRouter = internalAddresses.some((own) => sameAddress(own, entry.prefix));
    if (!ofPods || isRouter || OF_NODES.has(entry.identity) || !cidrs.some((cidr) => overlap(cidr, entry.prefix))) continue;
    const where = `${at(node)}: ipcache entry ${entry.prefix} of ${name}`;
    if (entry.encryptKey === 0 && decidesNothing(x, entry, cidrs))
      x.note(`${where} has key id 0; the packets of a tunnel inside the encryption are encrypted whatever it says`);
    else
      x.expect(due.has(entry.encryptKey), `${where} has key id ${entry.encryptKey}, the key id in use is ${[...due].join(', ')}`, {
        node: node.node,
      });
    const endpoint = entry.tunnelEndpoint.replace(/,$/, '');
    if (intent.routing !== 'native')
      x.expect(
        addresses.some((own) => sameAddress(own, endpoint)),
        `${where} has the tunnel endpoint ${endpoint}, which is not an address of that node`,
        { node: node.node },
      );
  }
}

/** Identity of health endpoints (pkg/identity/numericidentity.go). */
const OF_HEALTH = 4;

const WHOLE: readonly Encapsulation[] = ['vxlan-in-esp', 'geneve-in-esp'];

/**
 * Whether nothing asks for the key of the entry: where the tunnel is inside the encryption, its packets are encrypted whatever the map says
 * (bpf/lib/wireguard.h from 1.15, bpf/lib/encrypt.h from 1.18: `ctx_is_overlay`). Only what an agent learns from the object
 * of the other node, its pod CIDR and its health endpoint, keeps key 0 if that node published its key later (seen: agents 1.18.3 whose
 * encryption was turned on). Entries of pods have the key all the same, and are judged.
 */
function decidesNothing(x: Examination, { prefix, identity }: AddressMapEntry, cidrs: readonly string[]): boolean {
  const { mode, routing } = x.facts.manifest.intent;
  if (identity !== OF_HEALTH && !cidrs.some((cidr) => addressKey(cidr) === addressKey(prefix))) return false;
  return mode === 'wireguard' ? x.wireguard.inside[routing].value === 'tunnel' : WHOLE.includes(x.ipsec.encapsulation[routing].value);
}

/**
 * Key ids allowed for packets to a node: those of its SAs, two during a rotation; with WireGuard one number. Each node's SAs are read once,
 * for all other nodes.
 */
function keyIdsOf(x: Examination): (peer: NodeDescription, snapshot: NodeState['snapshot']) => ReadonlySet<number> {
  if (x.facts.manifest.intent.mode === 'wireguard') {
    const number = new Set([x.wireguard.keyId.value]);
    return () => number;
  }
  const states = new Map(x.facts.state.nodes.toReversed().map((state) => [`${state.snapshot} ${state.node}`, state]));
  const known = new Map<string, ReadonlySet<number>>();
  return ({ name }, snapshot) => {
    const key = `${snapshot} ${name}`;
    const ids = known.get(key) ?? keyIds(x, states.get(key));
    known.set(key, ids);
    return ids;
  };
}

function keyIds(x: Examination, state: NodeState | undefined): ReadonlySet<number> {
  if (state?.xfrmStates.ok !== true) return new Set();
  x.cite(...state.xfrmStates.evidence);
  return new Set(state.xfrmStates.value.map((sa) => Number(sa.spi)).filter((id) => id !== 0));
}
