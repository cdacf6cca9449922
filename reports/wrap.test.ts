import { describe, expect, test } from 'vitest';
import { factsOf } from './facts.ts';
import { brief } from './wrap.ts';

describe('factsOf', () => {
  test.each([
    ['one fact', ['one fact'], 0],
    ['', [''], 0],
    ['a; b; and 16 more', ['a', 'b'], 16],
    ['a; and 3 more; logs were not recorded', ['a', 'logs were not recorded'], 3],
    ['no module; it may load later; b', ['no module; it may load later', 'b'], 0],
    ['and 4 more', ['and 4 more'], 0],
  ] as const)('%j', (text, facts, unnamed) => {
    expect(factsOf(text)).toEqual({ facts, unnamed });
  });
});

describe('brief', () => {
  test('what fits in two lines stays whole', () => {
    expect(brief('SA one is missing; SA two is missing', 20)).toEqual(['SA one is missing;', 'SA two is missing']);
  });
  test('facts that do not fit are counted with those that were never named', () => {
    expect(brief('SA one is missing; SA two is missing; SA three is missing; and 16 more', 28)).toEqual([
      'SA one is missing; SA two is',
      'missing; +17 more',
    ]);
  });
  test('a first fact that is too long is cut, its count stays', () => {
    const lines = brief(`${'word '.repeat(40)}end; b; and 7 more`, 30);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…; \+8 more$/);
    for (const line of brief(`${'x'.repeat(200)}; b`, 20)) expect([...line].length).toBeLessThanOrEqual(20);
  });
});
