import { DEFAULT_STACK, STACK_TITLES } from '../harness/model/intent.ts';
import type { Mode } from '../harness/model/mode.ts';
import type { CheckSubject, Report } from '../harness/model/report.ts';
import { untestedNodes } from '../harness/model/scope.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { tallyOf, tallyWords } from './tally.ts';
import { topicsOf } from './topics.ts';

/** The data of the headline, without the parts that are derived from it. */
export type SummaryInput = Omit<Report, 'verdict' | 'limits'> & { readonly verdict?: Verdict };

/**
 * The verdict of a set: contradicts before inconclusive before supports. A set that is empty, or in which nothing was exercised, is
 * `inconclusive`: no evidence is no proof.
 */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts);
  if (seen.has('contradicts')) return 'contradicts';
  if (seen.has('inconclusive') || !seen.has('supports')) return 'inconclusive';
  return 'supports';
}

/**
 * The verdict a reader is shown: the worst of the report's own, of each stated check (one without a verdict is
 * inconclusive), of the flows that contradict, of a recording that was interrupted, and of a node that nobody tested.
 */
export function effectiveVerdict(report: SummaryInput): Verdict {
  const checks = topicsOf(report).flatMap((topic) => topic.rows);
  const flows = report.flows.filter((flow) => flow.verdict === 'contradicts').map((flow) => flow.verdict);
  const all: Verdict[] = [worstVerdict(checks.map((row) => row.finding.verdict)), ...flows];
  if (report.verdict !== undefined) all.push(report.verdict);
  if (!report.run.complete || untestedOf(report).length > 0) all.push('inconclusive');
  return worstVerdict(all);
}

const MODES: Readonly<Record<Mode, string>> = { ipsec: 'IPsec', wireguard: 'WireGuard', tls: 'mutual TLS', none: 'no encryption' };

/** A mode as written in texts. */
export function modeName(mode: Mode): string {
  return MODES[mode];
}

/** The environment class with the strength of its evidence; every form of a report has this text. */
export function environmentWords({ environment, intent }: Pick<SummaryInput, 'environment' | 'intent'>): string {
  const stack = intent.stack ?? DEFAULT_STACK;
  const title = STACK_TITLES[stack];
  if (environment.class === 'lab')
    return stack === DEFAULT_STACK
      ? `in the lab: a real kernel, set up as ${title} does it and not by ${title}`
      : `in the lab: ${title} on a real kernel`;
  if (environment.class === 'ephemeral-test') return `in a throw-away test cluster with real ${title}`;
  const place = environment.class === 'pre-production' ? 'in a pre-production cluster' : 'in the production cluster';
  return environment.cluster.capabilities.capture?.available === false
    ? `${place}, observed without changing it`
    : `${place}, with test pods of its own`;
}

/** The selected nodes without traffic of a pod: the claim is not proven for them. */
export function untestedOf({ environment, flows }: Pick<SummaryInput, 'environment' | 'flows'>): readonly string[] {
  return untestedNodes(environment.cluster, flows);
}

/** Most names of untested nodes in a headline. */
const NAMED = 3;

/** The nodes of a claim as far as they were tested; the others are named. */
function testedWords(report: SummaryInput): string {
  const { nodes } = report.environment.cluster;
  const all = `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'}`;
  const untested = untestedOf(report);
  if (untested.length === 0) return all;
  if (untested.length === nodes.length) return `${all}, none of which was tested,`;
  const more = untested.length > NAMED ? ` and ${untested.length - NAMED} more` : '';
  return `${all}, of which ${untested.slice(0, NAMED).join(', ')}${more} ${untested.length === 1 ? 'was' : 'were'} not tested,`;
}

/**
 * The claim as text: `IPsec encrypts the pod traffic between the 3 nodes of “demo”`. A sample of the pairs claims no more than the pairs
 * that were driven.
 */
function claimOf(report: SummaryInput): string {
  const nodes = `the ${testedWords(report)} of “${report.environment.cluster.name}”`;
  if (report.intent.mode === 'none') return `nothing is encrypted between ${nodes}`;
  const scope = report.intent.nodeEncryption ? 'pod and node traffic' : 'pod traffic';
  const { sample } = report;
  const where =
    sample === undefined ? `between ${nodes}` : `of ${sample.sampled} sampled of the ${sample.population} ordered pairs of ${nodes}`;
  return `${modeName(report.intent.mode)} encrypts the ${scope} ${where}`;
}

/** The stack and version that are claimed, as text. */
export function stackName({ stack = DEFAULT_STACK, profile }: Pick<SummaryInput['intent'], 'stack' | 'profile'>): string {
  return `${STACK_TITLES[stack]} ${profile}`;
}

const DECLARED = 'the cluster declares something else than was claimed';

/** What is named if no plaintext was seen and something else is red, most important first. */
const OTHERWISE: readonly (readonly [CheckSubject | undefined, string])[] = [
  ['claim', DECLARED],
  ['wire', 'the wire does not show what is claimed'],
  [undefined, 'the state of the cluster is not as it must be'],
  ['loss', 'requests were lost'],
  ['recording', 'the recording itself is not in order'],
];

/** Seen plaintext is named separately from lost requests, left-overs in a kernel, or a journal of another run. */
function contradiction(report: SummaryInput, claim: string): string {
  const subjects = new Map(report.checks.map(({ id, subject }) => [id, subject]));
  const red = report.verdicts.filter(({ verdict }) => verdict === 'contradicts');
  const of = (subject: CheckSubject | undefined): readonly string[] =>
    red.filter(({ id }) => subjects.get(id) === subject).map(({ id }) => id);
  // A claim that differs from the cluster's configuration is named first: most often the claim is the mistake.
  const said = red.find(({ id }) => subjects.get(id) === 'claim')?.facts[0]?.text;
  const declared = said === undefined ? '' : ` ${DECLARED[0]?.toUpperCase()}${DECLARED.slice(1)}: ${said}.`;
  const readable = report.flows.some((flow) => flow.verdict === 'contradicts' && flow.clearFrames > 0);
  if (readable || of('plaintext').length > 0) return `The evidence contradicts the claim that ${claim}: plaintext was seen.${declared}`;
  const found = OTHERWISE.flatMap(([subject, words]) => (of(subject).length === 0 ? [] : [`${words} (${of(subject).join(', ')})`]));
  if (said === undefined && (of('wire').length > 0 || found.length === 0))
    return `The evidence contradicts the claim that ${claim}: ${['no plaintext was seen', ...found].join(', and ')}.`;
  const [first = '', ...more] = found;
  const example = said === undefined ? '' : `For instance ${said}. `;
  return `${first[0]?.toUpperCase()}${first.slice(1)}${more.map((words) => `, and ${words}`).join('')}. ${example}No plaintext was seen; the claim was that ${claim}.`;
}

/**
 * Verdict, claim and place in one sentence. A check that is red because of an injected fault says nothing about a cluster, so the fault is
 * named.
 */
export function claimSentence(report: SummaryInput): string {
  const fault = report.run.fault === null ? '' : `, with fault ${report.run.fault} injected on purpose`;
  const claim = `${claimOf(report)} (${environmentWords(report)}${fault})`;
  const stopped = report.run.complete ? '' : ' The recording was interrupted.';
  switch (effectiveVerdict(report)) {
    case 'contradicts':
      return `${contradiction(report, claim)}${stopped}`;
    case 'supports':
      return `The evidence supports the claim that ${claim}.`;
    default:
      return `Not proven: the evidence is inconclusive on the claim that ${claim}.${stopped}`;
  }
}

/** The counts of a report in one sentence. */
export function countsSentence(report: SummaryInput): string {
  return `${tallyWords(tallyOf(report), effectiveVerdict(report))}.`;
}

/**
 * The headline of a report: verdict, claim, place, numbers. It states evidence for a claim, never conformity with a rule, and is limited by
 * the environment class.
 */
export function verdictSentence(report: SummaryInput): string {
  return `${claimSentence(report)} ${countsSentence(report)}`;
}
