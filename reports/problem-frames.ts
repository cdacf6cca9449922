import type { FlowVerdict, FrameReference, Report } from '../harness/model/report.ts';
import type { StatedFact } from '../harness/model/verdict.ts';
import { problemsOf } from './problems.ts';

/** The frame that shows a fact: its own, else the first readable one of its flow. Undefined where none is known. */
export function frameOf({ capture, frame, flow }: StatedFact, flows: readonly FlowVerdict[]): FrameReference | undefined {
  if (capture !== undefined && frame !== undefined) return { capture, frame };
  return flow === undefined ? undefined : flows.find(({ id }) => id === flow)?.firstReadable;
}

/** The frames of a report's problems and readable flows, each once, in the order of the report. */
export function problemFrames(report: Pick<Report, 'checks' | 'verdicts' | 'flows'>): readonly FrameReference[] {
  const ofFacts = problemsOf(report).flatMap(({ finding }) => finding.facts.flatMap((fact) => frameOf(fact, report.flows) ?? []));
  const ofFlows = report.flows.flatMap(({ firstReadable }) => firstReadable ?? []);
  return [...new Map([...ofFlows.slice(0, 1), ...ofFacts, ...ofFlows].map((one) => [`${one.capture} ${one.frame}`, one])).values()];
}
