import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NOT_MADE } from '../clusters/datapath/faults/not-made.ts';
import { controlsOf, wordedCheck } from '../harness/judge/report.ts';
import { STACKS } from '../harness/model/intent.ts';
import { controlRecord } from '../harness/run/control-record.ts';
import { stackOf } from '../harness/stacks/stack-of.ts';
import { catalogue } from './catalogue.ts';

/** `xfr/xfr-08-errors.ts`: topic, id, and what it is about. */
const FILE = /^(?<topic>[a-z]{3})\/(?<id>\k<topic>-\d\d)-[a-z-]+\.ts$/;

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => FILE.test(path));

test.each(files)('%s holds the one check of its name, and the catalogue lists it', async (path) => {
  const id = FILE.exec(path)?.groups?.id ?? '';
  const module: Record<string, unknown> = await import(/* @vite-ignore */ join(folder, path));
  const check = module[id.replace('-', '')];
  expect(check).toMatchObject({ id: id.toUpperCase() });
  expect(catalogue.filter((one) => one === check)).toHaveLength(1);
});

test('the catalogue lists nothing else, and no id twice', () => {
  expect(catalogue).toHaveLength(files.length);
  expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
});

test.each(catalogue.map((check) => [check.id, check] as const))(
  '%s says what must hold, where, and what to do when it is red',
  (_, check) => {
    expect(check.must).toMatch(/^[A-Z`].*[^.]$/);
    expect(check.modes.length).toBeGreaterThan(0);
    expect(check.evidence).not.toBe('');
    expect(check.remedy).toMatch(/\.$|\)$/);
    expect(check.remedy.split('`').length % 2, 'its backticks pair').toBe(1);
    expect(check.must, 'what must hold is the same for every stack').not.toMatch(/\{\w+\}/);
    for (const stack of STACKS) {
      const { evidence, remedy } = wordedCheck(check, stackOf({ stack }).words({ profile: '' }));
      expect(evidence + remedy).not.toMatch(/\{[a-zA-Z]+\}/);
      expect(remedy.split('`').length % 2, 'its backticks pair').toBe(1);
    }
  },
);

test.each(catalogue.map((check) => [check.id, check] as const))(
  '%s has a control, or the faults say why they cannot make one',
  (id, check) => {
    expect(controlsOf(check, controlRecord).length > 0 || NOT_MADE.some((made) => made.id === id)).toBe(true);
  },
);
