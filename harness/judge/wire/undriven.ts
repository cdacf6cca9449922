import type { FlowPath } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';
import { type AddressBook, addressBook } from './address-book.ts';
import type { ClearAccount } from './capture-facts.ts';
import { describeClear } from './describe.ts';
import { treatmentOf } from './treatment.ts';
import type { WireView } from './vantage-points.ts';

/** Classes that leave the packet readable; of the unknown ones the account holds only later fragments between pods. */
const READABLE = new Set(['clear', 'tls', 'ah', 'unknown']);

/**
 * Readable traffic that nobody drove but that the intent says must be encrypted: between pods of two nodes, or between the
 * nodes themselves. Where a kind of traffic may be either (a pod and a node), only an intent that encrypts both makes it a leak.
 */
export function undrivenLeaks(facts: Facts, view: WireView): readonly string[] {
  const book = addressBook(facts.manifest.cluster);
  return view.captures.flatMap((capture) =>
    capture.clear
      .filter((a) => a.flows.length === 0 && !a.inboundCopy && READABLE.has(a.class) && mustBeEncrypted(facts, pathsOf(book, a)))
      .map((a) => `${a.frames} frame(s) of undriven traffic in the clear, the first ${describeClear({ ...a, capture: capture.key })}`),
  );
}

/** The paths that a readable frame between these addresses may belong to; none when an end is a stranger or both are on one node. */
export function pathsOf(book: AddressBook, account: Pick<ClearAccount, 'src' | 'dst'>): readonly FlowPath[] {
  const from = book.ownerOf(account.src);
  const to = book.ownerOf(account.dst);
  if (from.node === null || to.node === null || from.node === to.node) return [];
  const pods = [from, to].filter((o) => o.kind === 'pod').length;
  if (pods === 2) return ['pod-pod'];
  return pods === 1 ? ['pod-node', 'node-pod'] : ['node-node'];
}

function mustBeEncrypted(facts: Facts, paths: readonly FlowPath[]): boolean {
  const expected = paths.map((path) => treatmentOf(facts.profile, facts.manifest.intent, path));
  return expected.length > 0 && expected.every((e) => e.known && e.treatment === 'encrypted');
}
