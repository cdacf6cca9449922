/** The core names no product: what is particular to one is in its folder of harness/stacks, and reaches the core by the Stack interface. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STACKS } from '../harness/model/intent.ts';
import { ROOT } from './tool.ts';

const CORE = ['harness/model', 'harness/decode', 'harness/record', 'harness/judge', 'harness/kube', 'harness/proc', 'reports', 'suites'];

/** Files that may name one, each with the reason. */
const ALLOWED: Readonly<Record<string, string>> = {
  'harness/model/intent.ts': 'the list of stacks: an intent names one, and reports print its title, which only the model can tell them',
  'harness/model/earlier-names.ts': 'the names that fields had in recordings and reports of earlier versions',
};

/** The stacks' own names, and products inside them. */
const NAMED = new RegExp([...STACKS, 'flannel', 'hubble'].join('|'), 'i');

const sources = CORE.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|json)$/.test(path) && !/\.test\.ts$/.test(path) && !path.split('/').includes('testdata'))
    .map((path) => `${room}/${path}`),
);

function namesIn(path: string): string[] {
  const lines = readFileSync(join(ROOT, path), 'utf8').split('\n');
  return lines.flatMap((line, index) => (NAMED.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

test('there are sources to look at in every room', () => {
  for (const room of CORE) expect(sources.filter((path) => path.startsWith(`${room}/`)).length, room).toBeGreaterThan(3);
});

test('no file of the core names a product', () => {
  expect(sources.filter((path) => !Object.hasOwn(ALLOWED, path)).flatMap(namesIn)).toEqual([]);
});

test.each(Object.keys(ALLOWED))('%s is allowed to name one, and does', (path) => {
  expect(sources).toContain(path);
  expect(namesIn(path)).not.toEqual([]);
});
