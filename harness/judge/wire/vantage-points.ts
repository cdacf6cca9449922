import type { Mode } from '../../model/mode.ts';
import type { Phase } from '../../model/recording.ts';
import type { CanarySighting, CaptureFacts, CipherAccount, ClearAccount } from './capture-facts.ts';

/** The captures that decide what left the nodes in one phase. */
export interface WireView {
  readonly captures: readonly CaptureFacts[];
  /** `wire`: the tap outside the nodes; `nic`: the nodes' own uplinks, outgoing frames only. */
  readonly vantage: 'wire' | 'nic';
  /** Why the view is not whole; empty when it is. */
  readonly gaps: readonly string[];
  /** The nodes' own uplinks, if there is a tap too: clear frames that they show were clear, whatever the tap shows. */
  readonly besideTap: readonly CaptureFacts[];
}

/** Something of a capture, with the capture's name and its path inside the recording. */
export type Named<T> = T & { readonly capture: string; readonly file: string };

/**
 * The captures that show what left the nodes: the tap outside them if there is one, because nothing inside a node can deceive it; else the
 * uplinks of all nodes together.
 */
export function wireView(captures: readonly CaptureFacts[], phase: Phase, nodes: readonly string[]): WireView {
  const full = captures.filter((c) => c.record.phase === phase && c.record.kind === 'full');
  const tap = full.filter((c) => c.record.vantage === 'wire');
  const uplinks = full.filter((c) => c.record.vantage === 'nic');
  if (tap.length > 0) return { captures: tap, vantage: 'wire', gaps: tap.flatMap(gapsOf), besideTap: uplinks };
  const unseen = nodes.filter((node) => !uplinks.some((c) => c.record.node === node));
  const gaps = [
    ...(uplinks.length === 0
      ? [`no capture on the wire in the ${phase} phase`]
      : unseen.map((n) => `no uplink capture of node ${n} in the ${phase} phase`)),
    ...uplinks.flatMap(gapsOf),
  ];
  return { captures: uplinks, vantage: 'nic', gaps, besideTap: [] };
}

/**
 * Readable frames that left a node, each counted once: at the tap, or at the uplink of its sender; with a tap, also those at the uplinks
 * that the tap does not show.
 */
export function readableOf(view: WireView): readonly Named<ClearAccount>[] {
  return onceOf(
    view,
    (c) => c.clear,
    (a) => `${a.src} ${a.dst} ${a.protocol} ${a.sport} ${a.dport} ${a.outerSrc} ${a.outerDst} ${a.flows.join()}`,
  );
}

/** Canaries in frames that left a node, each counted once, as {@link readableOf} does. */
export function canariesOf(view: WireView): readonly Named<CanarySighting>[] {
  return onceOf(
    view,
    (c) => c.canaries,
    (s) => s.canary,
  );
}

function onceOf<T extends { readonly inboundCopy: boolean }>(
  { captures, besideTap }: WireView,
  itemsOf: (capture: CaptureFacts) => readonly T[],
  keyOf: (item: T) => string,
): readonly Named<T>[] {
  const of = (list: readonly CaptureFacts[]): Named<T>[] =>
    list.flatMap((c) => itemsOf(c).flatMap((item) => (item.inboundCopy ? [] : [{ ...item, capture: c.key, file: c.record.file }])));
  const seen = of(captures);
  const known = new Set(seen.map(keyOf));
  return [...seen, ...of(besideTap).filter((item) => !known.has(keyOf(item)))];
}

/**
 * Ciphertext that left a node, each frame counted once: without a tap, at the uplink of the node that sent it, because the receiver's
 * uplink shows it again.
 */
export function cipherOf({ captures, vantage }: WireView): readonly CipherAccount[] {
  return captures.flatMap((c) => (vantage === 'wire' ? c.cipher : c.cipher.filter(({ from }) => from === c.record.node)));
}

/**
 * Captures that show plaintext in a healthy cluster: the pod's side, the WireGuard device, and the tunnel device. With TLS nothing leaves a
 * pod readable once it is enrolled, so it is the pod's side in the un-encrypted phase.
 */
export function clearVantages(captures: readonly CaptureFacts[], mode: Mode): readonly CaptureFacts[] {
  const phase = mode === 'tls' ? 'clear' : 'encrypted';
  return captures.filter((c) => c.record.phase === phase && ['pod', 'wireguard', 'tunnel'].includes(c.record.vantage));
}

function gapsOf(capture: CaptureFacts): readonly string[] {
  return capture.gaps.map((gap) => `${capture.key}: ${gap}`);
}
