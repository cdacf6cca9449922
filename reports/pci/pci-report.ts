import type { Report } from '../../harness/model/report.ts';
import type { EvidenceIds } from '../controls/evidence-ids.ts';
import type { ControlMatrix, ControlRow } from '../controls/rows.ts';
import { limitLines } from '../limits.ts';
import { oneLine } from '../printable.ts';
import { environmentWords, verdictSentence } from '../summary.ts';
import { isPci, type ProcedureEvidence, procedureTable } from './procedure-table.ts';

/** The kinds of procedures in an assessor's template, in our words. */
const TYPES: Readonly<Record<ProcedureEvidence['type'], string>> = {
  documentation: 'documentation',
  interview: 'interview',
  observation: 'observation',
  'system-configuration': 'system configuration',
  'data-transmission': 'data transmissions examined',
};

/** Most pieces of evidence in a cell; pci.json has all. */
const NAMED = 8;

/** pci.json: the table of {@link procedureTable} for programs. */
export function writePciJson(report: Report, matrix: ControlMatrix, ids?: EvidenceIds): string {
  const { run, environmentClass, scope } = matrix;
  const table = { schema: 1, run, environmentClass, verdict: report.verdict, scope, procedures: procedureTable(matrix, ids) };
  return `${JSON.stringify(table, null, 2)}\n`;
}

/**
 * pci.md: applicability first, then each testing procedure with references to evidence, then what is left for the assessor. States the
 * strength of the evidence, never a finding of an assessment.
 */
export function writePciReport(report: Report, matrix: ControlMatrix, ids?: EvidenceIds): string {
  const rows = matrix.rows.filter(isPci);
  const declared = Object.entries(matrix.scope).map(([fact, value]) => `\`${plain(fact)}\`: ${value}`);
  return `${[
    '# Evidence by testing procedure: PCI DSS 4.0.1',
    `Environment class: **${report.environment.class}** (${plain(environmentWords(report))}). Run ${plain(report.run.id)}, ${report.run.startedAt.utc} to ${report.run.endedAt.utc}.`,
    plain(verdictSentence(report)),
    'Requirement ids are those of the standard, the wording is of this tool. The verdicts are those of a tool: `supports`, `contradicts`, `inconclusive`, `not-applicable`, `not-tested`. An assessor decides what they are worth.',
    `Declared scope: ${declared.join(', ') || 'nothing was declared, so no requirement is said to bind'}.`,
    '## Applicability',
    table(
      ['requirement', 'in our words', 'applicability', 'verdict', 'strength', 'why not more'],
      rows.map((row) => [row.control, plain(row.paraphrase), plain(applicability(row)), row.status, row.strength, plain(bounds(row))]),
    ),
    '## Testing procedures',
    table(
      ['procedure', 'kind', 'checks', 'evidence', 'verdict', 'strength'],
      procedureTable(matrix, ids).map((procedure) => [
        procedure.procedure,
        TYPES[procedure.type],
        procedure.checks.map(({ id, verdict }) => `${id} ${verdict}`).join(', '),
        evidenceCell(procedure.evidence),
        procedure.status,
        worth(procedure),
      ]),
    ),
    '## What remains for the assessor',
    rows.map((row) => `- **${row.control}** ${plain(row.remains)}`).join('\n'),
    '## What this does and does not show',
    limitLines(report)
      .map((line) => `- ${plain(line)}`)
      .join('\n'),
  ].join('\n\n')}\n`;
}

function applicability({ applicability: { state, reason } }: ControlRow): string {
  return reason.startsWith('applicability not declared') ? reason : `${state}: ${reason}`;
}

function bounds({ caps, statusReason }: ControlRow): string {
  return [statusReason, ...caps].filter((line) => line !== '').join('; ');
}

/** Out-of-reach procedures are tasks for people; procedures that this run did not test have no strength yet. */
function worth({ checks, strength }: ProcedureEvidence): string {
  if (checks.length === 0) return 'assessor task';
  return strength === 'out-of-reach' ? '' : strength;
}

function evidenceCell(evidence: readonly string[]): string {
  const more = evidence.length - NAMED;
  const named = evidence.slice(0, NAMED).map((reference) => `\`${reference.replace(/[`|]/g, '?')}\``);
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

/** Escaped text as one line of Markdown: nothing in it is markup, also inside a table. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|~]/g, (character) => `\\${character}`);
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => (cell === '' ? '-' : cell)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
