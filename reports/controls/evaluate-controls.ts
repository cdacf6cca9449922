import type { Report } from '../../harness/model/report.ts';
import { compareIds } from '../topics.ts';
import { applicabilityOf, type Scope } from './applicability.ts';
import { capsOf, strongest } from './caps.ts';
import { evaluateProcedure } from './evaluate-procedure.ts';
import type { Framework, FrameworkControl } from './framework-schema.ts';
import type { ControlCheck, ControlRow, ControlStatus, DeclaredApplicability, ProcedureRow } from './rows.ts';

/**
 * The control matrix: every control of every framework, in the order of their files, with what this report has for it. Pure. It states how
 * strong the evidence is, and never that a requirement is met.
 */
export function evaluateControls(report: Report, frameworks: readonly Framework[], scope: Scope): readonly ControlRow[] {
  return frameworks.flatMap((framework) => framework.controls.map((control) => rowOf(report, framework, control, scope)));
}

function rowOf(report: Report, framework: Framework, control: FrameworkControl, scope: Scope): ControlRow {
  const applicability = applicabilityOf(framework, control, scope);
  const caps = capsOf(report, control, applicability);
  const evaluated = control.procedures.map((procedure) => evaluateProcedure(report, procedure, caps));
  const procedures = evaluated.map(({ row }) => row);
  const tested = procedures.filter(({ status }) => status !== 'not-tested');
  return {
    framework: { id: framework.id, title: `${framework.title} ${framework.version}` },
    control: control.id,
    objective: control.objective,
    paraphrase: control.paraphrase,
    applicability,
    status: statusOf(tested, applicability),
    statusReason: statusReason(report, procedures, tested, applicability),
    strength: strongest(tested.map(({ strength }) => strength)),
    caps: [...new Set(evaluated.flatMap((procedure) => procedure.caps))],
    procedures,
    checks: distinct(procedures.flatMap(({ checks }) => checks)),
    evidence: [...new Set(procedures.flatMap(({ evidence }) => evidence))].sort(),
    remains: control.remains,
  };
}

function statusOf(tested: readonly ProcedureRow[], { state }: DeclaredApplicability): ControlStatus {
  if (state === 'not-applicable-as-declared') return 'not-applicable';
  const found = new Set(tested.map(({ status }) => status));
  for (const status of ['contradicts', 'inconclusive', 'supports'] as const) if (found.has(status)) return status;
  return 'not-tested';
}

function statusReason(
  report: Report,
  all: readonly ProcedureRow[],
  tested: readonly ProcedureRow[],
  { state, reason }: DeclaredApplicability,
): string {
  if (state === 'not-applicable-as-declared') return `not applicable, ${reason}`;
  const reachable = all.filter(({ checks }) => checks.length > 0);
  if (reachable.length === 0) return 'out of reach of this tool';
  if (report.run.fault !== null)
    return `fault ${report.run.fault} was made on purpose: the run is evidence about the checks, not about the control`;
  if (report.intent.mode === 'none') return 'the claim of this run is that nothing is encrypted';
  if (tested.length === 0) return 'no check that speaks to it was exercised in this run';
  if (!report.run.complete) return 'the recording is incomplete and supports nothing';
  const untested = reachable.filter((procedure) => !tested.includes(procedure)).map(({ id }) => id);
  return untested.length === 0 ? '' : `not tested: ${untested.join(', ')}`;
}

function distinct(checks: readonly ControlCheck[]): readonly ControlCheck[] {
  return [...new Map(checks.map((check) => [check.id, check])).values()].sort((a, b) => compareIds(a.id, b.id));
}
