import type { ComparedAdvisory } from '../harness/model/advisory.ts';
import type { Report } from '../harness/model/report.ts';

/** Advisories that apply or may apply to this cluster, in this order: seen, not exercised, not seen. */
export function concerning({ advisories = [] }: Pick<Report, 'advisories'>): readonly ComparedAdvisory[] {
  const order: readonly ComparedAdvisory['sighting']['state'][] = ['seen', 'not-exercised', 'not-seen'];
  const weight = ({ applies, sighting }: ComparedAdvisory) =>
    order.indexOf(sighting.state) + (applies.state === 'affected' ? 0 : order.length);
  return advisories.filter(({ applies }) => applies.state !== 'not-affected').sort((a, b) => weight(a) - weight(b));
}

/** The advisories in one sentence; null in a report without advisories. */
export function advisorySentence(report: Pick<Report, 'advisories'>): string | null {
  if (report.advisories === undefined) return null;
  const found = concerning(report);
  const known = `${report.advisories.length} published ${report.advisories.length === 1 ? 'leak or weakness' : 'leaks and weaknesses'}`;
  if (found.length === 0) return `Of ${known} none is of these versions and this configuration`;
  const affected = found.filter(({ applies }) => applies.state === 'affected');
  const undecided = found.length - affected.length;
  const named = affected.map(({ id, sighting, fixed }) => {
    const cure = fixed.length === 0 ? '' : `, fixed in ${fixed.join(', ')}`;
    return `${id} ${STATES[sighting.state]}${cure}`;
  });
  const open = undecided === 0 ? [] : [`${undecided} undecided`];
  return `Of ${known} ${affected.length} ${affected.length === 1 ? 'is' : 'are'} of this cluster: ${[...named, ...open].join('; ')}`;
}

const STATES: Readonly<Record<ComparedAdvisory['sighting']['state'], string>> = {
  seen: 'seen',
  'not-seen': 'not seen',
  'not-exercised': 'not exercised',
};

/** The text for whether an advisory was seen. */
export function sightingWord({ sighting }: Pick<ComparedAdvisory, 'sighting'>): string {
  return STATES[sighting.state];
}
