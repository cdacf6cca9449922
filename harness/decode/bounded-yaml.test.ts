import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseBoundedYaml } from './bounded-yaml.ts';

test('documents are read as YAML', () => {
  expect(parseBoundedYaml('')).toEqual([]);
  expect(parseBoundedYaml('a: 1\n---\nb: [x, y]\n')).toEqual([{ a: 1 }, { b: ['x', 'y'] }]);
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
      expect(parseBoundedYaml(stringify(value))).toEqual([parse(stringify(value))]);
    }),
  );
});

test.each([
  ['an alias bomb', `a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n`],
  ['a duplicate key', 'enable: "false"\nenable: "true"\n'],
  ['a duplicate key deeper', 'a:\n  b: 1\n  b: 2\n'],
  ['a list that does not end', '['.repeat(40_000)],
  ['a text above the limit', ' '.repeat(32_000_001)],
])('%s is refused', (_name, text) => expect(() => parseBoundedYaml(text)).toThrow());

test.each([
  ['quotes', '"'.repeat(400_000)],
  ['keys', Array.from({ length: 30_000 }, (_, i) => `k${i}: v\n`).join('')],
  ['errors', 'a: b: c\n'.repeat(40_000)],
  ['blank lines', '\n'.repeat(400_000)],
])('time does not grow with the square of the text, which would take hours: %s', (_name, text) => {
  try {
    parseBoundedYaml(text);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
  }
});
