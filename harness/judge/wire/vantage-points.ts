import type { Phase } from '../../model/recording.ts';
import type { CaptureFacts } from './capture-facts.ts';

/** The captures that decide what left the nodes in one phase. */
export interface WireView {
  readonly captures: readonly CaptureFacts[];
  /** `wire`: the tap outside the nodes; `nic`: the nodes' own uplinks, outgoing frames only. */
  readonly vantage: 'wire' | 'nic';
  /** Why the view is not whole; empty when it is. */
  readonly gaps: readonly string[];
}

/**
 * What left the nodes: the tap outside them where there is one, since nothing inside a node can fool it; else the uplinks of
 * all nodes together.
 */
export function wireView(captures: readonly CaptureFacts[], phase: Phase, nodes: readonly string[]): WireView {
  const full = captures.filter((c) => c.record.phase === phase && c.record.kind === 'full');
  const tap = full.filter((c) => c.record.vantage === 'wire');
  if (tap.length > 0) return { captures: tap, vantage: 'wire', gaps: tap.flatMap(gapsOf) };
  const uplinks = full.filter((c) => c.record.vantage === 'nic');
  const unseen = nodes.filter((node) => !uplinks.some((c) => c.record.node === node));
  const gaps = [
    ...(uplinks.length === 0
      ? [`no capture on the wire in the ${phase} phase`]
      : unseen.map((n) => `no uplink capture of node ${n} in the ${phase} phase`)),
    ...uplinks.flatMap(gapsOf),
  ];
  return { captures: uplinks, vantage: 'nic', gaps };
}

/** Captures that show plaintext by nature when all is well: the pod's side, cilium_wg0, and the tunnel device. */
export function clearVantages(captures: readonly CaptureFacts[]): readonly CaptureFacts[] {
  return captures.filter((c) => c.record.phase === 'encrypted' && ['pod', 'wireguard', 'tunnel'].includes(c.record.vantage));
}

function gapsOf(capture: CaptureFacts): readonly string[] {
  return capture.gaps.map((gap) => `${capture.key}: ${gap}`);
}
