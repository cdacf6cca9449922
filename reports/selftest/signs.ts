import type { CellState, CheckOutcome, CheckResult } from '../../harness/model/selftest.ts';
import type { Sign } from '../symbols.ts';

/** Worst first; `blank` is a check that has no meaning for the cell's intent. */
export type CellSign = CheckOutcome | 'blank';

export const OUTCOME_SIGNS: Readonly<Record<CellSign, Sign>> = {
  missed: { symbol: '✖', word: 'missed: had to be red and is not' },
  'false-alarm': { symbol: '!', word: 'false alarm: red, and neither named nor implied' },
  caught: { symbol: '●', word: 'caught: named, and red' },
  implied: { symbol: '○', word: 'implied: red from the same cause' },
  quiet: { symbol: '·', word: 'quiet' },
  blank: { symbol: ' ', word: 'not applicable' },
};

export const STATE_SIGNS: Readonly<Record<CellState, Sign>> = {
  passed: { symbol: '✔', word: 'passed' },
  failed: { symbol: '✖', word: 'failed' },
  broken: { symbol: '?', word: 'could not be run' },
  absent: { symbol: '–', word: 'not run' },
};

/** The content of a check's column. */
export function signOf(check: CheckResult | undefined): CellSign {
  if (check === undefined) return 'blank';
  return check.outcome === 'quiet' && check.verdict === 'not-applicable' ? 'blank' : check.outcome;
}
