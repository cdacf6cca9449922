import type { Check } from '../harness/judge/check.ts';
import type { Examination } from '../harness/judge/state/examination.ts';
import { stateCheck } from '../harness/judge/state/state-check.ts';
import { notRecorded } from '../harness/judge/window/key-ids.ts';
import { lastMoment } from '../harness/judge/window/moments.ts';
import type { Mode } from '../harness/model/mode.ts';
import type { CheckStatement } from '../harness/model/report.ts';
import type { ScenarioName } from '../harness/model/scenario.ts';

/** A check of what happened in a scenario's window. */
export interface WindowStatement extends Omit<CheckStatement, 'modes'> {
  readonly modes?: readonly Mode[];
  readonly scenarios: readonly ScenarioName[];
  readonly expected: string;
  /** What is counted, for instance `flows`. */
  readonly what: string;
  /** What must hold comes true only as the window goes on: one that did not end may still have come right. */
  readonly needsEnd?: boolean;
}

/** A check that is not exercised where its scenario was not recorded, and else gathers what the window showed. */
export function windowCheck(statement: WindowStatement, examine: (x: Examination) => void): Check {
  const { scenarios, expected, what, needsEnd = false, modes = ['ipsec', 'wireguard'], ...rest } = statement;
  return stateCheck({ ...rest, modes }, (x) => {
    const why = notRecorded(x.facts, ...scenarios);
    if (why !== null) return x.set('not-exercised', expected, why);
    examine(x);
    const finding = x.conclude(expected, what);
    if (!needsEnd || lastMoment(x.facts, 'window-ended') !== null) return finding;
    return { ...finding, verdict: 'inconclusive', reason: `the journal has no end of the window: ${finding.reason}` };
  });
}
