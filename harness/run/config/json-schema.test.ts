import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { configJsonSchema } from './json-schema.ts';

test('docs/wirewitness.schema.json is what the code reads', () => {
  // To write it again: npm run docs
  expect(readFileSync(new URL('../../../docs/wirewitness.schema.json', import.meta.url), 'utf8')).toBe(configJsonSchema());
});

test('is a valid schema that accepts and refuses as the code does', () => {
  const validate = new Ajv2020().compile(JSON.parse(configJsonSchema()));
  expect(validate({ intent: { mode: 'ipsec', profile: '1.16' }, nodes: 3 })).toBe(true);
  expect(validate({ intent: { mode: 'ipsec', strict: true } })).toBe(false);
});
