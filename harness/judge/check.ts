import type { CheckStatement } from '../model/report.ts';
import type { Finding } from '../model/verdict.ts';
import type { Judged } from './evidence/judged.ts';
import type { Facts } from './facts.ts';

/** A check: its statement, and the pure function that judges it. A function that throws makes the check inconclusive. */
export interface Check extends CheckStatement {
  /** @param judged what the other checks said; only the checks of the evidence itself look at it */
  judge(facts: Facts, judged?: Judged): Finding;
}
