import { type ControlRun, controlRun } from './seen-red.ts';

/** The controls of checks: which faults must turn a check red, and which did. */
export interface ControlRecord {
  /** Ids of the faults that must turn a check red; none if no fault of the lab can. */
  faultsOf(check: string): readonly string[];
  /** Why no fault of the lab turns a check red; undefined if one does. */
  whyNone(check: string): string | undefined;
  /** The control run that is on record. */
  readonly run: ControlRun;
}

/** For callers without the faults. */
export const NO_CONTROLS: ControlRecord = { faultsOf: () => [], whyNone: () => undefined, run: controlRun };
