import { expect, test } from 'vitest';
import type { ComparedAdvisory } from '../harness/model/advisory.ts';
import { advisorySentence, concerning } from './advisories.ts';
import { advisoriesSection } from './html/advisories.ts';

const held = (
  id: string,
  applies: ComparedAdvisory['applies']['state'],
  sighting: ComparedAdvisory['sighting']['state'] = 'not-seen',
): ComparedAdvisory => ({
  ...{ id, aliases: [], component: 'cilium', title: 'a <leak>', observable: 'readable packets', checks: ['WIR-01'] },
  ...{ fixed: ['1.16.9'], links: ['https://example.com/1'], warning: applies === 'not-affected' ? null : 'cilium 1.16.9 has the fix' },
  applies: { state: applies, reason: 'cilium 1.16.2 is affected' },
  sighting: { state: sighting, reason: 'WIR-01 supports' },
});

test('what was seen comes first, what is undecided last, what is not of this cluster not at all', () => {
  const advisories = [held('A', 'undecided'), held('B', 'affected'), held('C', 'not-affected'), held('D', 'affected', 'seen')];
  expect(concerning({ advisories }).map(({ id }) => id)).toEqual(['D', 'B', 'A']);
  expect(advisorySentence({ advisories })).toBe(
    'Of 4 published leaks and weaknesses 2 are of this cluster: D seen, fixed in 1.16.9; B not seen, fixed in 1.16.9; 1 undecided',
  );
});

test('a report that held none says nothing of them', () => {
  expect(advisorySentence({})).toBeNull();
  expect(advisoriesSection({})).toBeNull();
});

test('where none is of the cluster the section says so and folds the others', () => {
  const text = advisoriesSection({ advisories: [held('C', 'not-affected')] })?.text ?? '';
  expect(text).toContain('none is of these versions and this configuration');
  expect(text).toContain('<details><summary>1 not of this cluster</summary>');
});

test('the page has the reason, the releases with the fix, and no markup of a record', () => {
  const text = advisoriesSection({ advisories: [held('B', 'affected')] })?.text ?? '';
  expect(text).toContain('cilium 1.16.9 has the fix');
  expect(text).toContain('a &lt;leak&gt;');
});
