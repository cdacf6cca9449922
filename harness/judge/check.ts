import type { CheckStatement } from '../model/report.ts';
import type { Finding } from '../model/verdict.ts';
import type { JudgedFacts } from './evidence/judged.ts';
import type { Examination } from './state/examination.ts';
import type { ClusterEnds } from './state/node-ends.ts';

/** A check: its statement, and the pure function that judges it. A function that throws makes the check inconclusive. */
export interface Check extends CheckStatement {
  judge(x: Examination): Finding;
  /** The part of {@link judge} that compares two nodes, for nodes that were judged one by one. */
  across?(x: Examination, ends: ClusterEnds): void;
  /** It compares nodes by more than their ends (`ClusterEnds`): it needs the state of all nodes at once. */
  readonly comparesNodes?: true;
}

/** A check of the judgement itself: it reads the verdicts of all checks of the facts, so it is judged after them. */
export interface JudgementCheck extends CheckStatement {
  judgeVerdicts(x: Examination, judged: JudgedFacts): Finding;
}

/** An entry of a catalogue. */
export type AnyCheck = Check | JudgementCheck;
