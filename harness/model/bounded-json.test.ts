import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../testing/any-text.ts';
import { parseBoundedJson } from './bounded-json.ts';

test('text within the limits is parsed as JSON', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), (text) => {
      expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
    }),
  );
  expect(parseBoundedJson('"[[[\\\\\\"[{,,"', { depth: 0, values: 1 })).toBe('[[[\\"[{,,');
});

test('any text gives a value or one of two errors', () => {
  fc.assert(
    fc.property(fc.oneof(anyText(), fc.stringMatching(/^[[\]{},:"\\a1 ]{0,60}$/)), (text) => {
      try {
        parseBoundedJson(text, { depth: 3, values: 10 });
      } catch (error) {
        expect(error instanceof RangeError || error instanceof SyntaxError).toBe(true);
      }
    }),
  );
});

test('depth and number of values are refused by name, whatever follows', () => {
  expect(() => parseBoundedJson('['.repeat(40_000))).toThrow('is nested deeper than 100, at character 100');
  expect(() => parseBoundedJson(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)).toThrow('nested deeper than 100');
  expect(() => parseBoundedJson(`[${'[],'.repeat(50)}[]]`, { depth: 9, values: 99 })).toThrow('holds more than 99 values');
});

test.each([
  ['{"a":1,"b":2,"a":3}', 'has the key "a" twice in one object, at character 13'],
  ['[{"a":{"x":1,"x":1}}]', 'has the key "x" twice'],
  ['{"a":1,"\\u0061":2}', 'has the key "a" twice'],
  ['{"a":"b","a":"b"}', 'has the key "a" twice'],
])('%s is refused', (text, why) => expect(() => parseBoundedJson(text)).toThrow(why));

test.each(['{"a":{"a":1},"b":[{"a":1},{"a":1}]}', '["a","a"]', '{"a":"a","b":"a"}', '{"a":[1,"a"],"b":{"c":"a"},"c":1}'])(
  '%s has no key twice',
  (text) => expect(parseBoundedJson(text)).toEqual(JSON.parse(text)),
);
