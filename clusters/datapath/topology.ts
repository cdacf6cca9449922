import { createHash } from 'node:crypto';
import type { NodeDescription, PodDescription } from '../../harness/model/cluster.ts';
import type { Family } from '../../harness/model/mode.ts';

/** A node in one family, with what the plans need. Addresses without prefix length. */
export interface Site {
  readonly name: string;
  readonly family: Family;
  /** Node address in this family. */
  readonly address: string;
  /** Node address of tunnels and of WireGuard's packets: the node's first, IPv4 if it has both. */
  readonly underlay: string;
  readonly podCidr: string;
  /** Address of cilium_host. */
  readonly internal: string;
  readonly uplink: string;
  /** The health endpoint is the last of them: it has a network namespace of its own, as a pod has. */
  readonly pods: readonly SitePod[];
}

export interface SitePod {
  readonly name: string;
  readonly address: string;
}

/** A remote node as one node knows it; `id` is the node id that the one node assigned to the other, 16 bits, never 0. */
export interface Peer extends Site {
  readonly id: number;
}

/** One node's view of the cluster in one family. */
export interface View {
  readonly self: Site;
  readonly peers: readonly Peer[];
  /** The same node in the other families of a dual stack cluster; empty in a single-stack one. */
  readonly others: readonly View[];
}

/** A node's views, one for each family, for everything that is configured per family. */
export function perFamily(view: View): readonly View[] {
  return [view, ...view.others];
}

/** Whether a site's family is that of the tunnels. */
export function isUnderlay(site: Site): boolean {
  return site.address === site.underlay;
}

const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

function pick(node: string, what: string, addresses: readonly string[], family: Family): string {
  const found = addresses.find((address) => familyOf(address) === family);
  if (found === undefined) throw new RangeError(`node ${node} has no ${family} ${what}: ${JSON.stringify(addresses)}`);
  return found;
}

/** @throws RangeError when a node lacks an address of the family */
export function sites(nodes: readonly NodeDescription[], pods: readonly PodDescription[], family: Family): Site[] {
  return nodes.map((node) => ({
    name: node.name,
    family,
    address: pick(node.name, 'node address', node.addresses, family),
    underlay: node.addresses[0] ?? pick(node.name, 'node address', node.addresses, family),
    podCidr: pick(node.name, 'pod CIDR', node.podCidrs, family),
    internal: pick(node.name, 'cilium_host address', node.internalAddresses, family),
    uplink: node.uplink,
    pods: [
      ...pods
        .filter((pod) => pod.node === node.name)
        .map((pod) => ({ name: `${pod.namespace}/${pod.name}`, address: pick(pod.name, 'pod address', pod.addresses, family) })),
      ...(node.health === undefined
        ? []
        : [{ name: `${node.name}/health`, address: pick(node.name, 'health address', node.health.addresses, family) }]),
    ],
  }));
}

/**
 * Views of all nodes. Each node assigns its own 16-bit ids, as agents do, so a pair has two ids; they are derived from the names, so a
 * layout is reproducible.
 */
export function views(all: readonly Site[]): View[] {
  return all.map((self) => {
    const taken = new Set<number>([0]);
    const peers = all
      .filter((site) => site.name !== self.name)
      .map((site) => {
        let id = createHash('sha256').update(`${self.name}>${site.name}`).digest().readUInt16BE(0);
        while (taken.has(id)) id = (id + 1) & 0xffff;
        taken.add(id);
        return { ...site, id };
      });
    return { self, peers, others: [] };
  });
}

/**
 * Views of all nodes in the families of an intent. The first family is the one of the view, the rest are its `others`.
 * A peer has one node id, whatever the family, as with agents.
 * @throws RangeError when a node or pod lacks an address of a family, or without a family
 */
export function clusterViews(nodes: readonly NodeDescription[], pods: readonly PodDescription[], families: readonly Family[]): View[] {
  // Tunnels use the first address of a node, so its family is first, in any order of the intent.
  const lead = familyOf(nodes[0]?.addresses[0] ?? '');
  const ordered = [...families].sort((a, b) => Number(b === lead) - Number(a === lead));
  const [first, ...rest] = ordered.map((family) => views(sites(nodes, pods, family)));
  if (first === undefined) throw new RangeError('a datapath needs at least one IP family');
  return first.map((view, index) => ({ ...view, others: rest.flatMap((all) => all[index] ?? []) }));
}
