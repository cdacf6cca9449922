import type { Mode } from '../../model/mode.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import type { AddressOwners } from './address-owners.ts';

/** Outermost and innermost pair of a frame. */
export interface FramePairs {
  readonly outerSrc: string;
  readonly outerDst: string;
  readonly src: string;
  readonly dst: string;
}

/** Whether a readable frame is the copy of a packet that came encrypted. */
export type CopyTest = (pairs: FramePairs) => boolean;

/**
 * Inside a node, a decrypted packet passes its devices a second time on the way to the pod. Such a copy comes from another node, is for
 * this node, never leaves it, and is no leak. A packet for a third node is no copy. There are no copies outside the nodes, and none at the
 * uplink with WireGuard: its own device delivers the packets. IPsec sends them through the uplink device again.
 */
export function inboundCopyTest(record: CaptureRecord, owners: AddressOwners, mode: Mode): CopyTest {
  if (record.vantage === 'wire' || record.node === null) return () => false;
  if (record.vantage === 'nic' && mode === 'wireguard') return () => false;
  return ({ outerSrc, outerDst, src, dst }) => {
    const from = owners.ownerOf(outerSrc).node ?? owners.ownerOf(src).node;
    const to = owners.ownerOf(dst).node ?? owners.ownerOf(outerDst).node;
    return from !== null && from !== record.node && to === record.node;
  };
}
