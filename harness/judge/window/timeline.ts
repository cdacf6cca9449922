import type { Facts } from '../facts.ts';
import { addressOwners } from '../wire/address-owners.ts';
import { since } from './moments.ts';
import type { SpiSpan } from './spi-spans.ts';
import { type WindowView, windowView } from './window-view.ts';

/** The SPIs of one direction in order of time. */
export interface Direction {
  /** Node names; null if no node has the address. */
  readonly from: string | null;
  readonly to: string | null;
  readonly src: string;
  readonly dst: string;
  readonly spans: readonly SpiSpan[];
}

/** The timeline of SPIs over the window, and the gaps in it. */
export interface Timeline extends Omit<WindowView, 'captures'> {
  readonly directions: readonly Direction[];
  readonly files: readonly string[];
}

/** Which SPI each node used for each other node, and when: from the captures of ciphertext headers. */
export function spiTimelineOf(facts: Facts): Timeline {
  const { captures, gaps } = windowView(facts, 'cipher');
  const owners = addressOwners(facts.manifest.cluster);
  const groups = Map.groupBy(
    captures.flatMap((c) => {
      // An uplink also shows what comes in; each direction is taken where it leaves.
      return c.record.vantage === 'wire' ? c.spis : c.spis.filter((s) => owners.ownerOf(s.src).node === c.record.node);
    }),
    (span) => `${span.src} ${span.dst}`,
  );
  const directions = [...groups.values()].map((spans): Direction => {
    const { src, dst } = spans[0]!;
    return { from: owners.ownerOf(src).node, to: owners.ownerOf(dst).node, src, dst, spans: spans.sort((a, b) => a.firstMs - b.firstMs) };
  });
  return { directions, gaps, files: captures.map((c) => c.record.file) };
}

/** `node1 -> node2: 3 from 0.000 s to 12.300 s (455 frames), 4 from …`. */
export function describeDirection(facts: Facts, { from, to, src, dst, spans }: Direction): string {
  const parts = spans.map((s) => `SPI ${Number(s.spi)} from ${since(facts, s.firstMs)} to ${since(facts, s.lastMs)} (${s.frames} frames)`);
  return `${from ?? src} -> ${to ?? dst}: ${parts.join(', ')}`;
}
