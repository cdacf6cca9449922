import type { ClusterDescription } from '../../model/cluster.ts';
import { normalAddress } from './address-book.ts';

/** Whether a frame between these outermost ends goes between a client outside the cluster and a node. */
export type EdgeTest = (outerSrc: string, outerDst: string) => boolean;

/**
 * The way of a request from outside to the node that it asks, and of its answer back: the client has no key, so nothing is claimed of it.
 * What that node sends on to another has other ends, even where the client's address is in it.
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
