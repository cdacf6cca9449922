import type { Mode } from '../../model/mode.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import type { AddressBook } from './address-book.ts';

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
 * Inside a node, a packet that was decrypted passes its devices again on the way to the pod. Such a copy comes from another node, is for
 * this one, never leaves, and is no leak. A packet for a third node that passes through is no copy. Outside the nodes there are none, and
 * WireGuard has a device of its own, from which packets go on without the uplink; IPsec gives them to the uplink again.
 */
export function inboundCopyTest(record: CaptureRecord, book: AddressBook, mode: Mode): CopyTest {
  if (record.vantage === 'wire' || record.node === null) return () => false;
  if (record.vantage === 'nic' && mode === 'wireguard') return () => false;
  return ({ outerSrc, outerDst, src, dst }) => {
    const from = book.ownerOf(outerSrc).node ?? book.ownerOf(src).node;
    const to = book.ownerOf(dst).node ?? book.ownerOf(outerDst).node;
    return from !== null && from !== record.node && to === record.node;
  };
}
