import type { Report } from '../../model/report.ts';
import type { Verdict } from '../../model/verdict.ts';

/** Whether the copy in the pack says what the recording said. */
export interface Repetition {
  /** Checks with the same verdict, expectation and observation. */
  readonly same: readonly string[];
  /** Checks that can't be repeated from the pack, with both verdicts. */
  readonly differing: readonly { readonly id: string; readonly recorded: Verdict; readonly packed: Verdict; readonly why: string }[];
}

/** Compare the report of the recording with the report of its copy. */
export function compareJudgements(recorded: Report, packed: Report): Repetition {
  const again = new Map(packed.verdicts.map((verdict) => [verdict.id, verdict]));
  const same: string[] = [];
  const differing: Repetition['differing'][number][] = [];
  for (const { id, verdict, observed } of recorded.verdicts) {
    const other = again.get(id);
    if (other?.verdict === verdict && other.observed === observed) same.push(id);
    else
      differing.push({
        id,
        recorded: verdict,
        packed: other?.verdict ?? 'inconclusive',
        why: other?.reason ?? 'the copy was not judged by this check',
      });
  }
  return { same, differing };
}
