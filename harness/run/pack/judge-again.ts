import { join } from 'node:path';
import type { Report } from '../../model/report.ts';
import { observedOf, reasonOf, type Verdict } from '../../model/verdict.ts';
import { EXIT } from '../exit-codes.ts';
import { ExitError } from '../exit-error.ts';

/** Whether the copy in the pack gives the same verdicts as the recording. */
export interface Repetition {
  /** Checks with the same verdict, expectation and observation. */
  readonly same: readonly string[];
  /** Checks that cannot be repeated from the pack, with both verdicts. */
  readonly differing: readonly { readonly id: string; readonly recorded: Verdict; readonly packed: Verdict; readonly why: string }[];
}

/** Compare the report of the recording with the report of its copy. */
export function compareJudgements(recorded: Report, packed: Report): Repetition {
  const again = new Map(packed.verdicts.map((verdict) => [verdict.id, verdict]));
  const same: string[] = [];
  const differing: Repetition['differing'][number][] = [];
  for (const finding of recorded.verdicts) {
    const { id, verdict } = finding;
    const other = again.get(id);
    if (other?.verdict === verdict && observedOf(other) === observedOf(finding)) same.push(id);
    else
      differing.push({
        id,
        recorded: verdict,
        packed: other?.verdict ?? 'inconclusive',
        why: other === undefined ? 'the copy was not judged by this check' : reasonOf(other),
      });
  }
  return { same, differing };
}

/**
 * Nothing is signed if report.json and the recording disagree: one of them was changed, or another version judged.
 * @throws ExitError (inconclusive) naming the verdicts
 */
export function refuseOtherJudgement(written: Report, judged: Report, folder: string): void {
  const differing = compareJudgements(written, judged).differing.filter(({ recorded, packed }) => recorded !== packed);
  if (written.verdict === judged.verdict && differing.length === 0 && written.verdicts.length === judged.verdicts.length) return;
  const named = differing.slice(0, 5).map(({ id, recorded, packed }) => `${id} ${recorded}, judged now ${packed}`);
  const more = differing.length > named.length ? [`${differing.length - named.length} more`] : [];
  throw new ExitError(
    EXIT.inconclusive,
    `not sealed: ${join(folder, 'report.json')} says ${written.verdict}, the recording beside it is judged ${judged.verdict} now` +
      `${named.length === 0 ? '' : ` (${[...named, ...more].join('; ')})`}; \`wirewitness assess ${folder}\` writes the reports again`,
  );
}
