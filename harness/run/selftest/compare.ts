import type { CheckOutcome, CheckResult, SelftestCell } from '../../model/selftest.ts';
import { type CheckVerdict, reasonOf, type Verdict } from '../../model/verdict.ts';

/** Red: evidence against the claim, or no evidence; a run must not pass with it. */
export function isRed(verdict: Verdict): boolean {
  return verdict === 'contradicts' || verdict === 'inconclusive';
}

/** A recording of half a cluster is inconclusive in most checks: there only `contradicts` is red. */
function isRedIn(cell: Pick<SelftestCell, 'kind'>, verdict: Verdict): boolean {
  return cell.kind === 'recording' ? verdict === 'contradicts' : isRed(verdict);
}

type Expectation = Pick<SelftestCell, 'kind' | 'reddens' | 'implies'>;

/**
 * Compare the verdicts with what the cell says. A named check that the judge does not know is missed: an expectation that cannot be met
 * must not count as met.
 */
export function compare(cell: Expectation, verdicts: readonly CheckVerdict[]): CheckResult[] {
  const known = new Set(verdicts.map(({ id }) => id));
  const unknown = cell.reddens
    .filter((id) => !known.has(id))
    .map((id): CheckResult => ({ id, outcome: 'missed', verdict: null, reason: `the judge has no check ${id}` }));
  return [
    ...verdicts.map((found): CheckResult => {
      const { id, verdict } = found;
      return { id, outcome: outcomeOf(cell, id, isRedIn(cell, verdict)), verdict, reason: reasonOf(found) };
    }),
    ...unknown,
  ];
}

function outcomeOf({ reddens, implies }: Expectation, id: string, red: boolean): CheckOutcome {
  if (reddens.includes(id)) return red ? 'caught' : 'missed';
  if (!red) return 'quiet';
  return implies.includes(id) ? 'implied' : 'false-alarm';
}

/** Outcomes that fail a cell. */
export function isWrong(outcome: CheckOutcome): boolean {
  return outcome === 'missed' || outcome === 'false-alarm';
}
