import type { CheckVerdict } from '../../model/verdict.ts';

/** What the other checks said, for the checks of the evidence itself, which are judged last. */
export interface Judged {
  readonly verdicts: readonly CheckVerdict[];
  /** The same checks over facts that were derived from the same files a second time. */
  readonly again: readonly CheckVerdict[];
}
