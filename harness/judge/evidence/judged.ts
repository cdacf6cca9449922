import type { CheckStatement } from '../../model/report.ts';
import type { CheckVerdict } from '../../model/verdict.ts';
import type { ControlRecord } from '../controls/control-record.ts';

/** The verdicts of the checks of the facts, for the checks of the judgement. */
export interface JudgedFacts {
  readonly checks: readonly CheckStatement[];
  readonly verdicts: readonly CheckVerdict[];
  /** The same checks over the same facts, a second time. */
  readonly again: readonly CheckVerdict[];
  readonly controls: ControlRecord;
}
