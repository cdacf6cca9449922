import type { CheckStatement } from '../model/report.ts';
import type { CheckVerdict, Finding } from '../model/verdict.ts';
import type { ControlRecord } from './controls/control-record.ts';
import type { Examination } from './state/examination.ts';
import type { ClusterEnds } from './state/node-ends.ts';

/** A check: its statement, and the pure function that judges it. A function that throws makes the check inconclusive. */
export interface Check extends CheckStatement {
  judge(x: Examination): Finding;
  /** The part of {@link judge} that compares two nodes, for nodes that were judged one by one. */
  across?(x: Examination, ends: ClusterEnds): void;
  /** It compares nodes by more than their ends (`ClusterEnds`): it needs the state of all nodes at once. */
  readonly comparesNodes?: true;
  /** It compares a node with what only a recorder elsewhere has, its clock or the key Secret: a recorder on that node cannot support it. */
  readonly comparesWithOutside?: true;
  /** Where it is not exercised, the node has nothing that it examines: the other nodes decide. */
  readonly notExercisedIsEmpty?: true;
}

/** The verdicts of the checks of the facts, for the checks of the judgement. */
interface JudgedFacts {
  readonly checks: readonly CheckStatement[];
  readonly verdicts: readonly CheckVerdict[];
  /** The same checks over the same facts, a second time. */
  readonly again: readonly CheckVerdict[];
  readonly controls: ControlRecord;
}

/** A check of the judgement itself: it reads the verdicts of all checks of the facts, so it is judged after them. */
export interface JudgementCheck extends CheckStatement {
  judgeVerdicts(x: Examination, judged: JudgedFacts): Finding;
}

/** An entry of a catalogue. */
export type AnyCheck = Check | JudgementCheck;
