import type { ControlSeen } from '../../model/report.ts';
import published from './seen-red.json' with { type: 'json' };

/** The control run that was published last: which fault turned which check red. Written by `selftest --publish`. */
export interface ControlRun {
  readonly schema: 1;
  /** ISO 8601; empty if none was published. */
  readonly recordedAt: string;
  readonly toolVersion: string;
  /** An entry of a later run of single faults has its own time and version. */
  readonly seen: readonly (Omit<ControlSeen, 'recordedAt' | 'toolVersion'> & Partial<ControlSeen>)[];
}

/** The record in this version. A green check proves something only if its control was seen red. */
export const controlRun: ControlRun = published as ControlRun;

/** Where a check was last seen red; null if that is not on record. The same mode is preferred. */
export function lastSeenRed(check: string, mode: string, run: ControlRun = controlRun): ControlSeen | null {
  const all = run.seen.filter((s) => s.check === check);
  const found = all.find((s) => s.mode === mode) ?? all[0];
  return found === undefined ? null : { recordedAt: run.recordedAt, toolVersion: run.toolVersion, ...found };
}
