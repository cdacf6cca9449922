import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord } from '../../model/recording.ts';

/** Whole frames: tcpdump's default snap length and above, or 0. */
const WHOLE_FRAMES = 262_144;

/** Why a capture does not prove that it saw everything, one sentence each; empty when it does. */
export function completenessGaps(record: CaptureRecord, ledger: Ledger, beacons: { start: number; end: number }): readonly string[] {
  const gaps: string[] = [];
  const { counters } = record;
  if (record.readyLine === null) gaps.push('tcpdump never said that it was listening');
  if (record.exitCode !== 0)
    gaps.push(record.exitCode === null ? 'tcpdump did not end' : `tcpdump ended with exit code ${record.exitCode}`);
  if (counters === null) gaps.push('tcpdump’s closing counters are missing: the capture did not end properly');
  else {
    if (counters.droppedByKernel > 0) gaps.push(`the kernel dropped ${counters.droppedByKernel} packet(s)`);
    if (counters.captured !== ledger.frames) gaps.push(`tcpdump captured ${counters.captured} packet(s), the file holds ${ledger.frames}`);
  }
  if (ledger.truncatedTail) gaps.push('the file ends inside a record');
  // A cipher capture is cut behind the headers on purpose: it is read for SPIs and times only.
  if (record.kind !== 'cipher' && record.snapLength !== 0 && record.snapLength < WHOLE_FRAMES)
    gaps.push(`snap length ${record.snapLength} cuts frames`);
  for (const end of ['start', 'end'] as const) {
    if (record.beacons[end] === '') gaps.push(`no beacon was sent at the ${end}`);
    else if (beacons[end] === 0) gaps.push(`the beacon at the ${end} was not seen`);
  }
  return gaps;
}
