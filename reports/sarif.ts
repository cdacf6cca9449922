import { createHash } from 'node:crypto';
import { canonicalJson } from '../harness/model/canonical-json.ts';
import type { Report, ReportedCheck } from '../harness/model/report.ts';
import type { CheckVerdict, StatedFact } from '../harness/model/verdict.ts';
import { isInside } from './html/evidence.ts';
import { printable } from './printable.ts';
import { frameOf } from './problem-frames.ts';
import { problemsOf } from './problems.ts';
import { claimSentence } from './summary.ts';
import { topicsOf } from './topics.ts';
import { type AppliedWaivers, NO_WAIVERS } from './waivers/apply-waivers.ts';
import { isAbout, waiverSubject } from './waivers/waiver.ts';

const VERSION = '2.1.0';
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** The folder of the report, which locations are relative to. */
const BASE = 'REPORT';

/**
 * SARIF 2.1.0 (OASIS, errata 01): one result for each problem. `contradicts` is an error, `inconclusive` a warning, so that neither is
 * taken for a pass. An exception in force is a suppression. A result's location is the capture, else the first file of evidence, from the
 * folder of the report; its fingerprint is the subject of the problem, so that the same problem is recognised in the next run.
 */
export function writeSarif(report: Report, held: AppliedWaivers = NO_WAIVERS): string {
  const rules = topicsOf(report)
    .flatMap(({ rows }) => rows)
    .map(({ statement }) => ruleOf(statement));
  const index = new Map(rules.map(({ id }, place) => [id, place]));
  const { run, tool } = report;
  const log = {
    $schema: SCHEMA,
    version: VERSION,
    runs: [
      {
        tool: { driver: { name: tool.name, version: tool.version, rules } },
        automationDetails: {
          id: `${tool.name}/${report.intent.mode}/${printable(run.id)}`,
          description: { text: printable(claimSentence(report)) },
        },
        invocations: [{ executionSuccessful: run.complete, startTimeUtc: run.startedAt.utc, endTimeUtc: run.endedAt.utc }],
        originalUriBaseIds: { [BASE]: { description: { text: 'The folder of report.json, with recording/ in it' } } },
        columnKind: 'utf16CodeUnits',
        results: problemsOf(report).flatMap(({ finding }) => resultsOf(finding, index.get(finding.id) ?? -1, report, held)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ id, must, evidence, remedy }: ReportedCheck) {
  return {
    id,
    shortDescription: { text: printable(must) },
    fullDescription: { text: printable(evidence === '' ? must : `${must}. Evidence: ${evidence}`) },
    ...(remedy === '' ? {} : { help: { text: printable(remedy.replaceAll('`', '')), markdown: printable(remedy) } }),
    defaultConfiguration: { level: 'error' },
  };
}

function resultsOf(finding: CheckVerdict, ruleIndex: number, report: Report, held: AppliedWaivers) {
  const level = finding.verdict === 'contradicts' ? 'error' : 'warning';
  const rest = finding.omitted > 0 ? [{ text: `and ${finding.omitted} more of the kind, counted and not named` }] : [];
  return [...finding.facts, ...rest].map((fact: StatedFact) => ({
    ruleId: finding.id,
    ruleIndex,
    level,
    kind: 'fail',
    message: { text: printable(`${finding.id}: ${fact.text}`) },
    locations: [locationOf(fact, finding, report)],
    partialFingerprints: { 'wirewitness/about/v1': fingerprint(finding.id, fact) },
    ...suppressionsOf(finding.id, fact, held),
  }));
}

function locationOf(fact: StatedFact, { evidence }: CheckVerdict, { flows }: Report) {
  const frame = frameOf(fact, flows);
  const path = [frame?.capture, ...evidence].find((one) => one !== undefined && isInside(one)) ?? 'manifest.json';
  const logical = [
    ...(fact.flow === undefined ? [] : [{ name: printable(fact.flow), kind: 'flow' }]),
    ...(fact.node === undefined ? [] : [{ name: printable(fact.node), kind: 'node' }]),
    ...(fact.sa === undefined ? [] : [{ name: printable(fact.sa), kind: 'security association' }]),
  ];
  return {
    physicalLocation: { artifactLocation: { uri: ['recording', ...path.split('/')].map(encodeURIComponent).join('/'), uriBaseId: BASE } },
    ...(frame === undefined ? {} : { message: { text: `frame ${frame.frame}, as tshark counts` } }),
    ...(logical.length === 0 ? {} : { logicalLocations: logical }),
  };
}

/** The subject of a problem, without the numbers that differ between runs. */
function fingerprint(id: string, { flow, node, sa, text }: StatedFact): string {
  const about = flow === undefined && node === undefined && sa === undefined ? { text: text.replaceAll(/\d+/g, '#') } : { flow, node, sa };
  return createHash('sha256')
    .update(canonicalJson({ id, ...about }))
    .digest('hex')
    .slice(0, 32);
}

function suppressionsOf(check: string, { text, flow, node, sa }: StatedFact, { waivers, open }: AppliedWaivers) {
  if (open.some((item) => item.check === check && item.text === text)) return {};
  const item = {
    check,
    text,
    leak: false,
    ...(flow === undefined ? {} : { flow }),
    ...(node === undefined ? {} : { node }),
    ...(sa === undefined ? {} : { sa }),
  };
  const found = waivers.filter(({ waiver, state }) => state === 'in-force' && isAbout(waiver, item));
  if (found.length === 0) return {};
  const justification = ({ waiver }: (typeof found)[number]): string =>
    `${waiverSubject(waiver)}: ${waiver.owner}, until ${waiver.expires}: ${waiver.reason}`;
  return { suppressions: found.map((one) => ({ kind: 'external', status: 'accepted', justification: printable(justification(one)) })) };
}
