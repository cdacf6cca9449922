import type { Advisory, ComparedAdvisory, Sighting } from '../../model/advisory.ts';
import { DEFAULT_STACK } from '../../model/intent.ts';
import { compareReleases, releaseOf } from '../../model/release.ts';
import type { FlowVerdict } from '../../model/report.ts';
import { type CheckVerdict, reasonOf, type StatedFact } from '../../model/verdict.ts';
import type { Judgement } from '../judge.ts';
import { option } from '../state/agent-config.ts';
import { type AdvisorySubject, appliesTo } from './applies.ts';

/** Compare every advisory with what was judged: whether it applies to this cluster, and whether this run showed it. */
export function compareAdvisories(advisories: readonly Advisory[], judgement: Judgement): readonly ComparedAdvisory[] {
  const subject = subjectOf(judgement);
  const { scenario } = judgement.facts.manifest.run;
  return advisories.map((advisory) => {
    const applies = appliesTo(advisory, subject);
    const { id, aliases, component, title, observable, checks, links } = advisory;
    const fixed = fixedReleases(advisory);
    const sighting = sightingOf(advisory, scenario, judgement);
    const warning = applies.state === 'not-affected' ? null : advice(advisory, fixed);
    return { ...{ id, aliases, component, title, applies, observable, sighting, checks, fixed, links }, warning };
  });
}

/** Releases with the fix, oldest first. */
export function fixedReleases({ affected }: Advisory): readonly string[] {
  const numbers = (release: string) => releaseOf(release) ?? [];
  return affected.flatMap(({ fixed }) => fixed ?? []).sort((a, b) => compareReleases(numbers(a), numbers(b)));
}

/** What an operator can do if it applies to the cluster. */
export function advice({ component, affected }: Advisory, fixed: readonly string[]): string {
  if (fixed.length > 0) return `${component} ${fixed.join(', ')} ${fixed.length === 1 ? 'has' : 'have'} the fix`;
  return affected.length === 0 ? 'no release is without it: see the links' : 'no release with a fix is on record: see the links';
}

/** The versions and the options that the nodes and their agents printed. */
function subjectOf({ facts }: Judgement): AdvisorySubject {
  const { intent, cluster } = facts.manifest;
  const read = (text: (node: (typeof facts.state.nodes)[number]) => string | undefined) => {
    const found = new Map<string, { place: string; version: string }>();
    for (const node of facts.state.nodes) {
      const version = text(node);
      if (version !== undefined) found.set(`${node.node} ${version}`, { place: node.node, version });
    }
    return [...found.values()];
  };
  const stack = intent.stack ?? DEFAULT_STACK;
  const kernels = read(({ uname }) => (uname.ok ? /\b\d+\.\d+\.\d+\S*/.exec(uname.value)?.[0] : undefined));
  const known = cluster.versions.kernel;
  return {
    claim: intent,
    versions: {
      [stack]: read(({ agentVersion }) => (agentVersion.ok ? agentVersion.value : undefined)),
      linux: kernels.length > 0 || known === undefined ? kernels : [{ place: cluster.name, version: known }],
    },
    option: (name) => {
      const configurations = [
        ...facts.state.nodes.map(({ agentConfig }) => agentConfig),
        ...facts.state.api.map(({ configMap }) => configMap),
      ];
      const values = configurations.flatMap((entries) => (entries.ok ? (option(entries.value, name) ?? []) : []));
      return [...new Set(values.map((value) => value.toLowerCase()))];
    },
  };
}

/**
 * Fails closed: seeing nothing means something only if the run did what can show the defect, and the checks had everything they need. What
 * contradicts only for flows of other paths than the record names is not a sighting of it.
 */
function sightingOf(advisory: Advisory, scenario: string, { verdicts, flows }: Judgement): Sighting {
  const own = verdicts.filter(({ id }) => advisory.checks.includes(id));
  const red = own.flatMap((verdict) => contradiction(verdict, (fact) => canShow(advisory, flows, fact)));
  if (red.length > 0) return { state: 'seen', reason: `${red.join('; ')}; another cause can look the same` };
  const idle = notDriven(advisory, scenario, flows) ?? notJudged(own);
  if (idle !== null) return { state: 'not-exercised', reason: idle };
  const support = own.filter(({ verdict }) => verdict === 'supports').map(({ id }) => id);
  return { state: 'not-seen', reason: `${support.join(', ')} ${support.length === 1 ? 'supports' : 'support'}` };
}

/** What the check found that can be of the advisory. */
function contradiction(verdict: CheckVerdict, shows: (fact: StatedFact) => boolean): string[] {
  if (verdict.verdict !== 'contradicts') return [];
  const facts = verdict.facts.filter(shows);
  if (facts.length === 0 && verdict.facts.length > 0) return [];
  return [`${verdict.id} contradicts: ${facts[0]?.text ?? reasonOf(verdict)}`];
}

/** A fact of a flow, or of traffic that was not driven, whose path the record names; and every fact that names neither. */
function canShow({ exercised: { never, paths } }: Advisory, flows: readonly FlowVerdict[], { flow, paths: possible }: StatedFact): boolean {
  if (flow === undefined) return possible === undefined || paths === undefined || possible.some((path) => paths.includes(path));
  const path = flows.find(({ id }) => id === flow)?.path;
  if (path === undefined) return true;
  return never === undefined && paths?.includes(path) !== false;
}

function notDriven({ exercised }: Advisory, scenario: string, flows: readonly FlowVerdict[]): string | null {
  const { never, scenarios, paths } = exercised;
  if (never !== undefined) return never;
  if (scenarios?.every((each) => each !== scenario) === true) return `scenario ${scenarios.join(' or ')} was not recorded`;
  const driven = flows.filter(({ verdict, source, destination }) => verdict !== 'not-exercised' && source.node !== destination.node);
  if (paths?.every((path) => driven.every((flow) => flow.path !== path)) === true)
    return `no flow of ${paths.join(' or ')} between two nodes was driven`;
  return null;
}

function notJudged(own: readonly CheckVerdict[]): string | null {
  const elsewhere = own.filter(({ verdict }) => verdict === 'contradicts');
  const ids = elsewhere.map(({ id }) => id).join(', ');
  const listed = elsewhere.every(({ omitted }) => omitted === 0)
    ? 'for other flows only'
    : 'for other flows, as far as its facts are listed';
  if (elsewhere.length > 0) return `${ids} ${elsewhere.length === 1 ? 'contradicts' : 'contradict'} ${listed}`;
  const open = own.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'not-exercised');
  if (open.length > 0) return open.map(({ id, verdict }) => `${id} is ${verdict}`).join(', ');
  return own.some(({ verdict }) => verdict === 'supports') ? null : 'none of its checks applies to this claim';
}
