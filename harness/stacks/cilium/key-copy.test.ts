import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { decodeKeyCopy, describeKeyCopy } from './key-copy.ts';

const KEY = `3+ rfc4106(gcm(aes)) ${'ab'.repeat(20)} 128`;
const secret = (applied?: string): string =>
  stringify({
    kind: 'Secret',
    metadata: applied === undefined ? {} : { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
    data: { keys: Buffer.from(KEY).toString('base64') },
  });

test.each([
  ['none', undefined, 'absent'],
  ['one of metadata alone', JSON.stringify({ kind: 'Secret', metadata: { name: 'x' } }), 'without-data'],
  ['one with the data', JSON.stringify({ data: { keys: Buffer.from(KEY).toString('base64') } }), 'holds-data'],
  ['one with plain data', JSON.stringify({ stringData: { keys: KEY } }), 'holds-data'],
  ['one that is no JSON', `keys: ${KEY}`, 'holds-data'],
])('an annotation, %s, is stored as one word without its text', (_, applied, word) => {
  const told = describeKeyCopy(secret(applied));
  expect(told).toBe(`${word}\n`);
  expect(decodeKeyCopy(told).items).toEqual([word]);
});

test('any other text gives no answer', () => {
  expect(decodeKeyCopy('').items).toEqual([]);
  expect(decodeKeyCopy('holds-data\nabsent\n').items).toEqual([]);
});
