import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import type { Examination } from './examination.ts';
import type { Known } from './node-state.ts';

/** A complete capture of the judged phase outside the nodes. */
export interface WireWindow {
  readonly record: CaptureRecord;
  readonly ledger: Ledger;
}

/** The captures against which counters of the kernel can be held; null when none was taken. Incomplete ones are gaps: they may miss frames. */
export function wireWindows(x: Examination): readonly WireWindow[] | null {
  const windows: WireWindow[] = [];
  let taken = 0;
  for (const { record, ledger, complete, gaps } of x.facts.wire.captures) {
    if (record.phase !== 'encrypted' || record.vantage !== 'wire' || record.kind !== 'full') continue;
    taken += 1;
    x.cite(record.file);
    if (complete && ledger !== null) windows.push({ record, ledger });
    else x.gap(`capture ${record.file}: ${gaps.join('; ')}`);
  }
  return taken === 0 ? null : windows;
}

/** Whether the first reading ended before the capture started and the second started after it stopped. */
export function bracketing({ record }: WireWindow, first: Known<unknown>, second: Known<unknown>): boolean {
  return (
    first.commands.every((c) => c.endedAt.monotonicMs < record.startedAt.monotonicMs) &&
    second.commands.every((c) => c.startedAt.monotonicMs > record.stoppedAt.monotonicMs)
  );
}
