import type { FlowPath } from '../../model/recording.ts';
import type { StatedFact } from '../../model/verdict.ts';
import type { Facts } from '../facts.ts';
import { type AddressBook, addressBook, isGroup } from './address-book.ts';
import { allowedBy } from './allowed.ts';
import type { CaptureFacts, ClearAccount } from './capture-facts.ts';
import { describeClear, describeUnread } from './describe.ts';
import { treatmentOf } from './treatment.ts';
import { UNREADABLE } from './unread-accounts.ts';
import { readableOf, type WireView } from './vantage-points.ts';

/**
 * Traffic that nobody drove, that the claimed encryption does not explain, and that the intent says must be encrypted: between pods,
 * between the nodes themselves where they are claimed too, and whatever is readable behind a header of the claimed encryption.
 */
export function undrivenLeaks(facts: Facts, view: WireView): readonly StatedFact[] {
  const must = mustBeEncrypted(facts);
  return readableOf(view)
    .filter((a) => a.flows.length === 0 && must(a))
    .map((a) => ({
      text: `${a.frames} frame(s) of undriven traffic in the clear, the first ${describeClear(a)}`,
      capture: a.file,
      frame: a.firstFrame,
    }));
}

/** The paths that a frame between these addresses may belong to: what a pod sends to a group goes to pods; none when an end is a stranger, or both are on one node and not both pods. */
export function pathsOf(book: AddressBook, account: Pick<ClearAccount, 'src' | 'dst'>): readonly FlowPath[] {
  const from = book.ownerOf(account.src);
  const to = book.ownerOf(account.dst);
  if (from.kind === 'pod' && isGroup(account.dst)) return ['pod-pod'];
  if (from.node === null || to.node === null) return [];
  const pods = [from, to].filter((o) => o.kind === 'pod').length;
  if (from.node === to.node) return pods === 2 ? ['same-node'] : [];
  if (pods === 2) return ['pod-pod'];
  // What a host sends to a pod from the address of the agent's device, and the answer: health checks for instance.
  if (pods === 1 && [from, to].some((o) => o.kind === 'router')) return ['node-pod'];
  return pods === 1 ? ['pod-node', 'node-pod'] : ['node-node'];
}

/**
 * Whether undriven traffic of an account must be encrypted. Where a kind of traffic may be either (a pod and a node), only an intent that
 * encrypts both makes it a leak. Traffic of two pods of one node must not leave the node, that of a pod with a
 * service has a pod's address in its place, and that with the world outside is in no tunnel of two nodes. What the intent allows is no leak, unless pods are its ends.
 */
export function mustBeEncrypted(facts: Facts): (account: ClearAccount) => boolean {
  const { cluster, intent } = facts.manifest;
  const book = addressBook(cluster);
  const isEncrypted = (path: FlowPath, { protocol }: ClearAccount): boolean => {
    // A mesh carries TCP alone, so its rules ask for the protocol.
    const tcp = intent.mode === 'tls' && protocol === 'tcp' ? ({ protocol: 'tcp' } as const) : {};
    const { known, treatment } = treatmentOf(facts.profile, intent, { path: path === 'same-node' ? 'pod-pod' : path, ...tcp });
    return known && treatment === 'encrypted';
  };
  return (account) => {
    if (account.readBy === 'content') return true;
    const paths = pathsOf(book, account);
    if (paths.length === 0) return isMisled(book, account) && isEncrypted('pod-pod', account) && allowedBy(intent, account) === null;
    if (!paths.every((path) => isEncrypted(path, account))) return false;
    return paths[0] === 'pod-pod' || paths[0] === 'same-node' || allowedBy(intent, account) === null;
  };
}

/**
 * A pod's packet with a service at its other end: a node puts a pod's address in its place before it sends. Or one inside a tunnel of two
 * nodes with the world outside at its other end.
 */
function isMisled(book: AddressBook, { src, dst, outerSrc, outerDst }: ClearAccount): boolean {
  const [ends, outer] = [
    [src, dst],
    [outerSrc, outerDst],
  ].map((pair) => pair.map((address) => book.ownerOf(address)));
  const kinds = ends!.map(({ kind }) => kind);
  if (!kinds.includes('pod')) return false;
  if (kinds.includes('service')) return true;
  const [from, to] = outer!.map(({ kind, node }) => (kind === 'node' || kind === 'router' ? node : null));
  return kinds.includes('other') && from != null && to != null && from !== to;
}

/** Frames of which nobody knows what they carry, sorted by whether they leave a check open. One sentence each. */
export interface UnreadTraffic {
  /** Nobody knows what they are: nothing that rests on having read every frame is proven. */
  readonly open: readonly StatedFact[];
  /** Allowed by the intent, with reason and owner; or fragments from before anything was driven. */
  readonly explained: readonly string[];
}

/** What nobody can say the content of in some captures. */
export function unreadTraffic({ manifest }: Facts, captures: readonly CaptureFacts[]): UnreadTraffic {
  const open: StatedFact[] = [];
  const explained: string[] = [];
  for (const { key, record, unread } of captures)
    for (const account of unread) {
      const text = describeUnread({ ...account, capture: key });
      const entry = allowedBy(manifest.intent, account);
      if (entry !== null) explained.push(`${text}: allowed by ${entry.owner}, ${entry.reason}`);
      else if (account.laterFragments && account.early)
        explained.push(`${text}: its datagram began before the capture, and nothing had been driven yet`);
      else
        open.push({
          text: `${text}: ${UNREADABLE.has(account.class) ? 'nobody knows what it is' : 'nothing on record explains it'}, so it counts as not encrypted; \`allow\` of the intent can explain it`,
          capture: record.file,
          frame: account.firstFrame,
        });
    }
  return { open, explained };
}
