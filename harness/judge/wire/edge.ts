import type { ClusterDescription } from '../../model/cluster.ts';
import { normalAddress } from './address-owners.ts';

/** Whether a frame between these outermost ends goes between a client outside the cluster and a node. */
export type EdgeTest = (outerSrc: string, outerDst: string) => boolean;

/**
 * A request from outside on its way to the first node, and its answer on the way back: the client has no key, so nothing is claimed for
 * this part. Packets that the node forwards to another node have other outermost ends, even if the client's address is inside.
 */
export function edgeTest({ nodes, outside }: Pick<ClusterDescription, 'nodes' | 'outside'>): EdgeTest {
  if (outside === undefined) return () => false;
  const clients = new Set(outside.addresses.map(normalAddress));
  const asked = new Set(nodes.flatMap(({ addresses }) => addresses.map(normalAddress)));
  return (outerSrc, outerDst) => {
    const [src, dst] = [normalAddress(outerSrc), normalAddress(outerDst)];
    return (clients.has(src) && asked.has(dst)) || (asked.has(src) && clients.has(dst));
  };
}
