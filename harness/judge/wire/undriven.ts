import type { FlowPath } from '../../model/recording.ts';
import type { StatedFact } from '../../model/verdict.ts';
import type { Facts } from '../facts.ts';
import { type AddressOwners, addressOwners, isGroup, normalAddress } from './address-owners.ts';
import { allowedBy } from './allowed.ts';
import type { CaptureFacts, ClearAccount } from './capture-facts.ts';
import { describeClear, describeUnread } from './describe.ts';
import { treatmentOf } from './treatment.ts';
import { UNREADABLE } from './unread-accounts.ts';
import { readableOf, type WireView } from './vantage-points.ts';

/**
 * Traffic that the recorder did not drive, that the claimed encryption does not explain, and that the intent says must be encrypted:
 * between pods, between the nodes themselves if they are claimed too, and everything that is readable behind a header of the claimed
 * encryption.
 */
export function undrivenLeaks(facts: Facts, view: WireView): readonly StatedFact[] {
  const must = mustBeEncrypted(facts);
  const owners = addressOwners(facts.manifest.cluster);
  return readableOf(view)
    .filter((a) => a.flows.length === 0 && must(a))
    .map((a) => ({
      text: `${a.frames} frame(s) of undriven traffic in the clear, the first ${describeClear(a)}`,
      ...(a.readBy === 'content' ? {} : { paths: possiblePathsOf(owners, a) }),
      capture: a.file,
      frame: a.firstFrame,
    }));
}

/** All paths that a frame of undriven traffic may belong to: addresses of services were replaced, and those of health endpoints are of the pod range. */
function possiblePathsOf(owners: AddressOwners, account: ClearAccount): FlowPath[] {
  if ([account.src, account.dst].some((end) => owners.ownerOf(end).kind === 'other')) return ['outside-node', 'outside-pod', 'pod-egress'];
  const paths = pathsOf(owners, account);
  const ofPods = paths.some((path) => path.includes('pod'));
  return [...paths, ...(ofPods ? (['pod-service', 'pod-health', 'node-health'] as const) : [])];
}

/**
 * The paths that a frame between these addresses may belong to. A frame of a pod to a multicast group goes to pods. None if an end is
 * unknown, or if both are on one node and not both are pods.
 */
export function pathsOf(owners: AddressOwners, account: Pick<ClearAccount, 'src' | 'dst'>): readonly FlowPath[] {
  const from = owners.ownerOf(account.src);
  const to = owners.ownerOf(account.dst);
  if (from.kind === 'pod' && isGroup(account.dst)) return ['pod-pod'];
  if (from.node === null || to.node === null) return [];
  const pods = [from, to].filter((o) => o.kind === 'pod').length;
  if (from.node === to.node) return pods === 2 ? ['same-node'] : [];
  if (pods === 2) return ['pod-pod'];
  // A packet from a host to a pod with the address of the agent's device, and the answer: health checks for example.
  if (pods === 1 && [from, to].some((o) => o.kind === 'router')) return ['node-pod'];
  return pods === 1 ? ['pod-node', 'node-pod'] : ['node-node'];
}

/**
 * Whether undriven traffic of an account must be encrypted. If traffic may be of two kinds (a pod and a node), it is a leak only if the
 * intent encrypts both. Traffic of two pods of one node must not leave the node. Between nodes, traffic of a pod with a service has the
 * address of a pod in place of the service's. Traffic with addresses outside the cluster is in no tunnel of two nodes. Traffic that the
 * intent allows is no leak, unless pods are its ends.
 */
export function mustBeEncrypted(facts: Facts): (account: ClearAccount) => boolean {
  const { cluster, intent } = facts.manifest;
  const owners = addressOwners(cluster);
  const enrolled = new Set(cluster.pods.flatMap(({ addresses }) => addresses.map(normalAddress)));
  const isEncrypted = (path: FlowPath, { src, dst, protocol, sport, dport }: ClearAccount): boolean => {
    const asked = path === 'same-node' ? 'pod-pod' : path;
    if (intent.mode === 'tls') {
      // A mesh carries TCP alone, and of enrolled pods alone: its rules ask for the protocol and the port, and the pods on record are enrolled.
      if (protocol !== 'tcp' || ![src, dst].every((address) => enrolled.has(normalAddress(address)))) return false;
      return [sport, dport].every((port) => {
        const { known, treatment } = treatmentOf(facts.profile, intent, { path: asked, protocol, port });
        return known && treatment === 'encrypted';
      });
    }
    const { known, treatment } = treatmentOf(facts.profile, intent, { path: asked });
    return known && treatment === 'encrypted';
  };
  // With DSR in Geneve a request has the client's address inside a tunnel of two nodes, and in some layouts it is clear by design.
  const dsrIsClear =
    intent.loadBalancer === 'dsr-geneve' && treatmentOf(facts.profile, intent, { path: 'outside-pod' }).treatment === 'clear-by-design';
  return (account) => {
    if (account.readBy === 'content') return true;
    const paths = pathsOf(owners, account);
    if (paths.length === 0)
      return isMisdirected(owners, account, dsrIsClear) && isEncrypted('pod-pod', account) && allowedBy(intent, account) === null;
    if (!paths.every((path) => isEncrypted(path, account))) return false;
    return paths[0] === 'pod-pod' || paths[0] === 'same-node' || allowedBy(intent, account) === null;
  };
}

/**
 * A packet that should not exist between nodes: of a pod with a service address, which a node replaces by a pod's before it sends; or
 * inside a tunnel of two nodes with an address outside the cluster, unless requests from outside go so by design.
 */
function isMisdirected(owners: AddressOwners, { src, dst, outerSrc, outerDst }: ClearAccount, outsideMay: boolean): boolean {
  const [ends, outer] = [
    [src, dst],
    [outerSrc, outerDst],
  ].map((pair) => pair.map((address) => owners.ownerOf(address)));
  const kinds = ends!.map(({ kind }) => kind);
  if (!kinds.includes('pod')) return false;
  if (kinds.includes('service')) return true;
  const [from, to] = outer!.map(({ kind, node }) => (kind === 'node' || kind === 'router' ? node : null));
  return !outsideMay && kinds.includes('other') && from != null && to != null && from !== to;
}

/** Frames whose content is not known: those that leave a gap, and those that are explained. One sentence each. */
export interface UnreadTraffic {
  /** Frames that nothing explains: a check that needs every frame read proves nothing. */
  readonly open: readonly StatedFact[];
  /** Allowed by the intent, with reason and owner; or fragments from before anything was driven. */
  readonly explained: readonly string[];
}

/** The frames of some captures whose content is not known. */
export function unreadTraffic({ manifest }: Facts, captures: readonly CaptureFacts[]): UnreadTraffic {
  const open: StatedFact[] = [];
  const explained: string[] = [];
  for (const { key, record, unread, olderTls } of captures) {
    // Both ends are pods, so nobody can allow it.
    for (const { src, sport, dst, dport, frames, firstFrame } of olderTls)
      open.push({
        text: `${frames} frame(s) from ${src}:${sport} to ${dst}:${dport}, the first ${key} frame ${firstFrame}: records of TLS of a connection that was opened before the capture, so nothing shows what protects them; start the captures first, or end old connections`,
        capture: record.file,
        frame: firstFrame,
      });
    for (const account of unread) {
      const text = describeUnread({ ...account, capture: key });
      const entry = allowedBy(manifest.intent, account);
      if (entry !== null) explained.push(`${text}: allowed by ${entry.owner}, ${entry.reason}`);
      else if (account.laterFragments && account.early)
        explained.push(`${text}: its datagram began before the capture, and nothing had been driven yet`);
      else
        open.push({
          text: `${text}: ${UNREADABLE.has(account.class) ? 'it could not be read' : 'nothing on record explains it'}, so it counts as not encrypted; \`allow\` of the intent can explain it`,
          capture: record.file,
          frame: account.firstFrame,
        });
    }
  }
  return { open, explained };
}
