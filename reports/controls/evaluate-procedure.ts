import type { Report } from '../../harness/model/report.ts';
import type { CheckVerdict, Verdict } from '../../harness/model/verdict.ts';
import type { Cap } from './caps.ts';
import { weaker } from './caps.ts';
import type { FrameworkProcedure } from './framework-schema.ts';
import type { ControlStatus, ProcedureRow } from './rows.ts';

/** A procedure with the caps that reduced the strength stated in the framework's file. */
export interface EvaluatedProcedure {
  readonly row: ProcedureRow;
  readonly caps: readonly string[];
}

/** The evidence of this run for one procedure. Only verdicts in the report count; a named check without one is inconclusive. */
export function evaluateProcedure(report: Report, procedure: FrameworkProcedure, caps: readonly Cap[]): EvaluatedProcedure {
  const findings = [...procedure.checks, ...procedure.also].map((id) => ({ id, finding: findingOf(report, id) }));
  const checks = findings.map(({ id, finding }) => ({ id, verdict: finding.verdict }));
  const verdicts = checks.map(({ verdict }) => verdict);
  const status = statusOf(report, verdicts.slice(0, procedure.checks.length), verdicts);
  const all = [...caps, ...unexercised(checks)];
  const tested = status !== 'not-tested';
  const strength = tested ? all.reduce((limit, cap) => weaker(limit, cap.limit), procedure.strength) : 'out-of-reach';
  const evidence = findings.flatMap(({ finding }) => (tested ? finding.evidence : []));
  return {
    row: {
      id: procedure.id,
      type: procedure.type,
      paraphrase: procedure.paraphrase,
      status,
      strength,
      checks,
      evidence: [...new Set(evidence)].sort(),
    },
    caps: tested
      ? all
          .filter(({ limit, reason }) => reason !== '' && weaker(procedure.strength, limit) !== procedure.strength)
          .map(({ reason }) => reason)
      : [],
  };
}

type Found = Pick<CheckVerdict, 'verdict' | 'evidence'>;

function findingOf(report: Report, id: string): Found {
  const found = report.verdicts.find((verdict) => verdict.id === id);
  if (found !== undefined) return found;
  const stated = report.checks.some((check) => check.id === id);
  return { verdict: stated ? 'inconclusive' : 'not-exercised', evidence: [] };
}

/**
 * The worst verdict, without checks that do not apply or were not exercised. Support requires a check that carries the procedure. A run
 * with a fault made on purpose, or whose claim is that nothing is encrypted, is evidence of no control, and one that did not complete
 * supports nothing.
 */
function statusOf(report: Report, carrying: readonly Verdict[], verdicts: readonly Verdict[]): ControlStatus {
  if (report.run.fault !== null || report.intent.mode === 'none') return 'not-tested';
  if (verdicts.includes('contradicts')) return 'contradicts';
  if (verdicts.includes('inconclusive')) return 'inconclusive';
  if (!carrying.includes('supports')) return 'not-tested';
  return report.run.complete ? 'supports' : 'inconclusive';
}

function unexercised(checks: ProcedureRow['checks']): readonly Cap[] {
  const idle = checks.filter(({ verdict }) => verdict === 'not-exercised').map(({ id }) => id);
  return idle.length === 0 ? [] : [{ limit: 'partial', reason: `not exercised in this run: ${idle.join(', ')}` }];
}
