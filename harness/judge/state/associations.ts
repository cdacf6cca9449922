import type { XfrmPolicy, XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { NodeDescription } from '../../model/cluster.ts';
import type { Family, Routing } from '../../model/mode.ts';
import type { IpsecProfile, SaPair } from '../../stacks/profile.ts';
import { at, type Examination } from './examination.ts';
import { endpointOf, familyOf, isAny, overlap, sameAddress } from './networks.ts';
import type { NodeState } from './node-state.ts';

/** A directed tunnel that SAs must or may exist for. */
export interface Tunnel {
  readonly from: NodeDescription;
  readonly to: NodeDescription;
  readonly src: string;
  readonly dst: string;
  readonly pair: SaPair;
}

/** Families of the intent that the profile speaks of; the others are gaps. */
export function knownFamilies(x: Examination, { ipv6 }: IpsecProfile): readonly Family[] {
  const { families, profile } = x.facts.manifest.intent;
  if (ipv6 !== null || !families.includes('ipv6')) return families;
  x.gap(`profile ${profile} says nothing of IPv6`);
  return families.filter((family) => family !== 'ipv6');
}

/** Every directed tunnel that the profile has for a routing, by default the one of the intent, each family of the intent by itself; addresses that are not known are gaps. */
export function tunnelsOf(x: Examination, ipsec: IpsecProfile, routing: Routing = x.facts.manifest.intent.routing): readonly Tunnel[] {
  const { cluster } = x.facts.manifest;
  const families = knownFamilies(x, ipsec);
  const tunnels: Tunnel[] = [];
  for (const from of cluster.nodes)
    for (const to of cluster.nodes) {
      if (from === to) continue;
      for (const pair of ipsec.saPairs[routing].value) {
        // Between node addresses one SA pair carries both families: that of the underlay.
        const underlay = familyOf(from.addresses[0] ?? '') ?? 'ipv4';
        for (const family of pair.endpoints === 'node' ? [underlay] : families) {
          const [src, dst] = [endpointOf(from, pair.endpoints, family), endpointOf(to, pair.endpoints, family)];
          if (src !== undefined && dst !== undefined) tunnels.push({ from, to, src, dst, pair });
          else x.gap(`${family} ${pair.endpoints} address of ${(src === undefined ? from : to).name} is not known`);
        }
      }
    }
  if (tunnels.length === 0) x.gap('fewer than two nodes: no tunnel to examine');
  return tunnels;
}

/** Whether an SA is the out or the in SA of its node; null when neither end is the node's. */
export function directionOf(node: NodeDescription, sa: XfrmState): 'out' | 'in' | null {
  const own = [...node.internalAddresses, ...node.addresses];
  if (own.some((address) => sameAddress(address, sa.src))) return 'out';
  return own.some((address) => sameAddress(address, sa.dst)) ? 'in' : null;
}

/** SAs of a tunnel among a node's; with `shared` an in SA from any source serves it too. */
export function associationsOf(states: readonly XfrmState[], tunnel: Tunnel, shared: boolean): readonly XfrmState[] {
  return states.filter(
    (sa) =>
      sa.proto === 'esp' &&
      sameAddress(sa.dst, tunnel.dst) &&
      (sameAddress(sa.src, tunnel.src) || (shared && isAny(sa.src) && familyOf(sa.src) === familyOf(tunnel.src))),
  );
}

/** One name for all key material of an SA; undefined when none was printed. Equal names are equal keys, within one recording. */
export function keyName(sa: XfrmState): string | undefined {
  const parts = [sa.aead, sa.auth, sa.enc].flatMap((a) => (a === undefined ? [] : [a.fingerprint]));
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('+');
}

/** `10.0.0.1 -> 10.0.1.1 spi 0x00000003`. */
export function associationName(sa: Pick<XfrmState, 'src' | 'dst' | 'spi'>): string {
  return `${sa.src} -> ${sa.dst} spi ${sa.spi}`;
}

/** What a fact about an SA of a node is about. */
export function aboutSa({ node }: { readonly node: string }, sa: Pick<XfrmState, 'src' | 'dst' | 'spi'>): { node: string; sa: string } {
  return { node, sa: associationName(sa) };
}

/** The node's description. The state facts hold the manifest's nodes only. */
export function describedNode(x: Examination, name: string): NodeDescription {
  const node = x.facts.manifest.cluster.nodes.find((n) => n.name === name);
  if (node === undefined) throw new RangeError(`node ${name} is not in the manifest`);
  return node;
}

/**
 * Whether an SA or a policy can touch packets between two ends of the cluster, or has a mark of the stack. What a node has with peers
 * outside of the cluster does not belong to the cluster.
 */
export function concernsCluster(
  x: Examination,
  { src, dst, mark, dir }: Pick<XfrmPolicy, 'src' | 'dst' | 'mark'> & { dir?: string },
): boolean {
  // A socket's own policy touches what one process of the node sends, never what it forwards for pods.
  if (dir?.startsWith('socket')) return false;
  if (mark !== undefined && x.stack.routing.marks.includes(mark.value & 0xf00)) return true;
  const ends = x.facts.manifest.cluster.nodes.flatMap((node) => [...node.podCidrs, ...node.addresses, ...node.internalAddresses]);
  return [src, dst].every((side) => isAny(side) || ends.some((end) => overlap(end, side)));
}

/** The policies of a node that concern the cluster; undefined, and a gap, when they could not be read. */
export function clusterPolicies(x: Examination, node: NodeState): readonly XfrmPolicy[] | undefined {
  const policies = x.use(node.xfrmPolicies);
  for (const policy of policies ?? [])
    if (!concernsCluster(x, policy))
      x.note(`${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst} is of no pods of this cluster`);
  return policies?.filter((policy) => concernsCluster(x, policy));
}

/** A node's states that concern the cluster, without those that were cut off, which are gaps. */
export function wholeStates(x: Examination, where: string, all: readonly XfrmState[]): readonly XfrmState[] {
  for (const sa of all) if (!concernsCluster(x, sa)) x.note(`${where}: SA ${associationName(sa)} is with a peer outside of the cluster`);
  const states = all.filter((sa) => concernsCluster(x, sa));
  for (const sa of states) if (sa.incomplete) x.gap(`${where}: SA ${associationName(sa)} was cut off`);
  return states.filter((sa) => !sa.incomplete);
}
