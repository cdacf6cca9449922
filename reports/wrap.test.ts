import { describe, expect, test } from 'vitest';
import { brief } from './wrap.ts';

/** Facts of a finding, and how many more it counts. */
const finding = (facts: readonly string[], omitted = 0) => ({ facts: facts.map((text) => ({ text })), omitted, notes: [] });

describe('brief', () => {
  test('what fits in two lines stays whole', () => {
    expect(brief(finding(['SA one is missing', 'SA two is missing']), 20)).toEqual(['SA one is missing;', 'SA two is missing']);
  });
  test('facts that do not fit are counted with those that were never named', () => {
    expect(brief(finding(['SA one is missing', 'SA two is missing', 'SA three is missing'], 16), 28)).toEqual([
      'SA one is missing; SA two is',
      'missing; +17 more',
    ]);
  });
  test('a first fact that is too long is cut, its count stays', () => {
    const lines = brief(finding([`${'word '.repeat(40)}end`, 'b'], 7), 30);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…; \+8 more$/);
    for (const line of brief(finding(['x'.repeat(200), 'b']), 20)) expect([...line].length).toBeLessThanOrEqual(20);
  });
});
