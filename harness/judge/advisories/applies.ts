import type { Advisory, Applicability } from '../../model/advisory.ts';
import type { Intent } from '../../model/intent.ts';
import type { Routing } from '../../model/mode.ts';
import { compareReleases, releaseOf } from '../../model/release.ts';

/** What is known about the cluster with which an advisory is compared. */
export interface AdvisorySubject {
  /** What is claimed. A part that is not claimed excludes no advisory. */
  readonly claim: Partial<Pick<Intent, 'mode' | 'routing' | 'families' | 'nodeEncryption'>>;
  /**
   * Versions by component (the stack, `linux`), with the places where each runs. The cluster does not have a component that is missing
   * here.
   */
  readonly versions: Readonly<Record<string, readonly { readonly place: string; readonly version: string }[]>>;
  /** The values of an option of the agents; none if it was not read. */
  readonly option: (name: string) => readonly string[];
}

/** Whether a cluster has what an advisory describes. */
export function appliesTo(advisory: Advisory, subject: AdvisorySubject): Applicability {
  const excluded = byClaim(advisory, subject.claim);
  if (excluded !== null) return { state: 'not-affected', reason: excluded };
  const versions = subject.versions[advisory.component];
  if (versions === undefined)
    return { state: 'not-affected', reason: `of ${advisory.component}, which the claim does not name for this cluster` };
  const found = byVersion(advisory, versions, subject.claim.routing);
  if (found.state === 'not-affected') return found;
  const options = byOptions(advisory, subject.option);
  if (options.state === 'not-affected') return options;
  const also = advisory.conditions.also === undefined ? '' : `; only where ${advisory.conditions.also}`;
  const state = found.state === 'undecided' || options.state === 'undecided' ? 'undecided' : 'affected';
  return { state, reason: `${[found.reason, options.reason].filter((reason) => reason !== '').join('; ')}${also}` };
}

/** Why the claim excludes it; null if it does not. */
function byClaim({ conditions }: Advisory, claim: AdvisorySubject['claim']): string | null {
  const { modes, routings, families, nodeEncryption } = conditions;
  if (modes !== undefined && claim.mode !== undefined && !modes.includes(claim.mode)) return `only with mode ${modes.join(' or ')}`;
  if (routings !== undefined && claim.routing !== undefined && !routings.includes(claim.routing))
    return `only with routing ${routings.join(' or ')}`;
  if (families !== undefined && claim.families !== undefined && !sameMembers(families, claim.families))
    return `only with ${families.length === 1 ? `${families[0]} alone` : families.join(' and ')}`;
  if (nodeEncryption !== undefined && claim.nodeEncryption !== undefined && nodeEncryption !== claim.nodeEncryption)
    return `only ${nodeEncryption ? 'with' : 'without'} node encryption`;
  return null;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((member) => b.includes(member));
}

function byVersion(
  { affected: all, component, distributions }: Advisory,
  versions: AdvisorySubject['versions'][string],
  routing: Routing | undefined,
): Applicability {
  const affected = all.filter(({ routings }) => routing === undefined || (routings?.includes(routing) ?? true));
  if (all.length === 0) return { state: 'affected', reason: `every release of ${component}` };
  if (versions.length === 0) return { state: 'undecided', reason: `the version of ${component} is not known` };
  const unread = versions.filter(({ version }) => releaseOf(version) === null);
  const hit = versions.filter(({ version }) => affected.some((range) => isIn(releaseOf(version), range)));
  const named = (some: typeof versions) =>
    [...Map.groupBy(some, ({ version }) => version)]
      .map(([version, all]) => `${version} (${all.map(({ place }) => place).join(', ')})`)
      .join(', ');
  if (hit.length > 0) {
    const reason = `${component} ${named(hit)} is affected`;
    return distributions
      ? { state: 'undecided', reason: `${reason} by its number, but distributions add the fix to older releases too: ask yours` }
      : { state: 'affected', reason };
  }
  if (unread.length > 0) return { state: 'undecided', reason: `no version can be read in ${named(unread)}` };
  return { state: 'not-affected', reason: `${component} ${named(versions)} is not among the affected releases` };
}

function isIn(version: readonly number[] | null, { from, fixed }: Advisory['affected'][number]): boolean {
  if (version === null) return false;
  const [first, last] = [from === undefined ? null : releaseOf(from), fixed === null ? null : releaseOf(fixed)];
  return (first === null || compareReleases(version, first) >= 0) && (last === null || compareReleases(version, last) < 0);
}

function byOptions({ conditions }: Advisory, option: AdvisorySubject['option']): Applicability {
  const unknown: string[] = [];
  const held: string[] = [];
  for (const { name, values } of conditions.options ?? []) {
    const found = option(name);
    if (found.length === 0) unknown.push(name);
    else if (found.some((value) => values.includes(value))) held.push(`${name} is ${found.join(' and ')}`);
    else return { state: 'not-affected', reason: `only where ${name} is ${values.join(' or ')}; it is ${found.join(' and ')}` };
  }
  if (unknown.length > 0) return { state: 'undecided', reason: `${unknown.join(', ')} was not read` };
  return { state: 'affected', reason: held.join(', ') };
}
