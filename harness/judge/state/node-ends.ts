import type { XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { NodeDescription } from '../../model/cluster.ts';
import type { Snapshot } from '../../model/recording.ts';
import type { IpsecProfile } from '../../stacks/profile.ts';
import { algorithmsName, associationTable, keyName, tunnelsBetween, tunnelsByNode, tunnelsOf, wholeStates } from './associations.ts';
import { at, type Examination } from './examination.ts';
import { addressKey } from './networks.ts';
import { endpointAddress } from './peer-endpoint.ts';
import { describeGrace, isAllowedOld, rotationGrace } from './rotation-grace.ts';

/** Equal names are equal keys: a fingerprint, or a hash of it. */
export type KeyName = string | number;

/** What one end of an SA must have in common with the other end. */
export interface SaEnd {
  /** Name of the node at the other end. */
  readonly peer: string;
  /** {@link Tunnel.place} among the tunnels of this direction between the two nodes. */
  readonly place: number;
  readonly spi: number;
  /** Undefined: none was printed. */
  readonly key: KeyName | undefined;
  readonly algorithms: string;
  /** Why the other end may lack it; null: it must have it. */
  readonly mayLack: string | null;
}

/** A WireGuard peer whose endpoint is at a node of the cluster. */
export interface PeerEnd {
  /** Name of that node. */
  readonly peer: string;
  readonly endpoint: string;
  readonly key: KeyName;
}

/** What one node has in one snapshot that another node must agree with. */
export interface NodeEnds {
  readonly node: string;
  readonly snapshot: Snapshot;
  outs(): Iterable<SaEnd>;
  /** The in SAs from a peer, or from all peers. */
  ins(peer?: string): readonly SaEnd[];
  /** Public key of the WireGuard device; undefined: there is none. */
  readonly deviceKey: KeyName | undefined;
  peers(): Iterable<PeerEnd>;
}

/** The ends of all nodes that could be read. */
export interface ClusterEnds {
  all(): Iterable<NodeEnds>;
  of(node: string, snapshot: Snapshot): NodeEnds | undefined;
}

/** The ends by their node and snapshot. */
export function clusterEnds(all: readonly NodeEnds[]): ClusterEnds {
  const bySnapshot = new Map<Snapshot, Map<string, NodeEnds>>();
  for (const [snapshot, own] of Map.groupBy(all, (ends) => ends.snapshot))
    bySnapshot.set(snapshot, new Map(own.map((ends) => [ends.node, ends])));
  return { all: () => all, of: (node, snapshot) => bySnapshot.get(snapshot)?.get(node) };
}

/** The ends of the WireGuard peers of the nodes whose state is judged. */
export function readPeerEnds(x: Examination): ClusterEnds {
  const owners = new Map(
    x.facts.manifest.cluster.nodes.flatMap(({ name, addresses }) => addresses.map((address) => [addressKey(address), name] as const)),
  );
  const all = x.nodes('before', 'after').flatMap(({ node, snapshot, wireguard }): NodeEnds[] => {
    if (!wireguard.ok || wireguard.value === null) return [];
    const { publicKey, peers } = wireguard.value;
    const ends = peers.flatMap((one): PeerEnd[] => {
      const peer = owners.get(addressKey(endpointAddress(one)));
      return peer === undefined || peer === node ? [] : [{ peer, endpoint: one.endpoint ?? '', key: one.publicKey }];
    });
    return [{ node, snapshot, outs: () => [], ins: () => [], deviceKey: publicKey, peers: () => ends }];
  });
  return clusterEnds(all);
}

/** The ends of the SAs of the nodes whose state is judged. */
export function readAssociationEnds(x: Examination, ipsec: IpsecProfile): ClusterEnds {
  const tunnels = tunnelsByNode(tunnelsOf(x, ipsec));
  const ends: NodeEnds[] = [];
  for (const node of x.nodes('before', 'after')) {
    const states = x.use(node.xfrmStates);
    if (states === undefined) continue;
    const table = associationTable(wholeStates(x, at(node), states));
    const grace = rotationGrace(x, node);
    const endOf = (peer: string, place: number, sa: XfrmState): SaEnd => {
      const spi = Number(sa.spi);
      // Nodes remove the old key one after the other.
      const mayLack = isAllowedOld(grace, spi) ? describeGrace(grace) : null;
      return { peer, place, spi, key: keyName(sa), algorithms: algorithmsName(sa), mayLack };
    };
    const outs: SaEnd[] = [];
    const ins = new Map<string, SaEnd[]>();
    for (const tunnel of tunnels.get(node.node) ?? []) {
      const { from, to, place } = tunnel;
      if (from.name === node.node) outs.push(...table(tunnel, false).map((sa) => endOf(to.name, place, sa)));
      else {
        const own = table(tunnel, ipsec.sharedInSa.value).map((sa) => endOf(from.name, place, sa));
        ins.set(from.name, [...(ins.get(from.name) ?? []), ...own]);
      }
    }
    const { node: name, snapshot } = node;
    const found = (peer?: string) => (peer === undefined ? [...ins.values()].flat() : (ins.get(peer) ?? []));
    ends.push({ node: name, snapshot, outs: () => outs, ins: found, deviceKey: undefined, peers: () => [] });
  }
  return clusterEnds(ends);
}

/** The in SAs at the other end of an out SA's tunnel; undefined: that node could not be read. */
export function farEnds(ends: ClusterEnds, own: NodeEnds, { peer, place }: SaEnd): readonly SaEnd[] | undefined {
  return ends
    .of(peer, own.snapshot)
    ?.ins(own.node)
    .filter((end) => end.place === place);
}

/** The name of an SA by its ends, and what a fact about it is about. */
export function describeEnd(x: Examination, ipsec: IpsecProfile, node: string, end: SaEnd): { readonly ends: string; readonly sa: string } {
  const { nodes } = x.facts.manifest.cluster;
  const pair = [node, end.peer].map((name) => nodes.find((one) => one.name === name));
  const tunnels = pair.includes(undefined) ? [] : tunnelsBetween(x, ipsec, pair as [NodeDescription, NodeDescription]);
  const tunnel = tunnels.find(({ place }) => place === end.place);
  const ends = tunnel === undefined ? `${node} -> ${end.peer}` : `${tunnel.src} -> ${tunnel.dst}`;
  return { ends, sa: `${ends} spi 0x${end.spi.toString(16).padStart(8, '0')}` };
}
