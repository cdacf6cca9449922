import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import type { Examination } from './examination.ts';
import type { Known } from './node-state.ts';

/** A complete capture of the judged phase, of the tap outside the nodes or of one node's uplink. */
export interface WireWindow {
  readonly record: CaptureRecord;
  readonly ledger: Ledger;
}

/**
 * The captures with which counters of the kernel can be compared: the taps or, without a tap, the nodes' own uplinks, each for its node;
 * null if there is none. Incomplete ones are gaps: they may miss frames.
 */
export function wireWindows(x: Examination): readonly WireWindow[] | null {
  const windows: WireWindow[] = [];
  let taken = 0;
  const full = x.facts.wire.captures.filter(({ record }) => record.phase === 'encrypted' && record.kind === 'full');
  const vantage = full.some(({ record }) => record.vantage === 'wire') ? 'wire' : 'nic';
  for (const { record, ledger, complete, gaps } of full) {
    if (record.vantage !== vantage) continue;
    taken += 1;
    x.cite(record.file);
    if (complete && ledger !== null) windows.push({ record, ledger });
    else x.gap(`capture ${record.file}: ${gaps.join('; ')}`);
  }
  return taken === 0 ? null : windows;
}

/** The first of the windows that shows what this node sends, and that lies between its two readings. */
export function windowOf(
  windows: readonly WireWindow[],
  node: string,
  first: Known<unknown>,
  second: Known<unknown>,
): WireWindow | undefined {
  return windows.find((w) => (w.record.vantage === 'wire' || w.record.node === node) && bracketing(w, first, second));
}

/** Whether the first reading ended before the capture started and the second started after it stopped. */
function bracketing({ record }: WireWindow, first: Known<unknown>, second: Known<unknown>): boolean {
  return (
    first.commands.every((c) => c.endedAt.monotonicMs < record.startedAt.monotonicMs) &&
    second.commands.every((c) => c.startedAt.monotonicMs > record.stoppedAt.monotonicMs)
  );
}
