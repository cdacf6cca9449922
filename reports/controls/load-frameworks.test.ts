import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { FrameworkError } from './framework-error.ts';
import { loadFrameworks, parseFramework } from './load-frameworks.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-controls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = {
  id: 'house-rules',
  title: 'House rules',
  version: '1',
  note: 'ours',
  facts: { bound: 'We keep them.' },
  appliesWhen: ['bound'],
  controls: [
    {
      id: 'H1',
      paraphrase: 'Encrypt.',
      procedures: [{ id: 'H1', type: 'data-transmission', paraphrase: 'Look.', strength: 'direct', checks: ['WIR-01'] }],
      remains: 'nothing',
    },
  ],
};

/** The message of a refusal. */
function refusal(change: object): string {
  try {
    parseFramework(stringify({ ...own, ...change }), 'own.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(FrameworkError);
    return (error as Error).message;
  }
  throw new Error('accepted');
}

test('the shipped frameworks are read, each with something within reach and something that is not', async () => {
  const frameworks = await loadFrameworks();
  expect(frameworks.map(({ id }) => id)).toEqual([
    'dora-2024-1774',
    'hipaa-164.312',
    'iso-27001-2022',
    'nis2-2024-2690',
    'nist-800-53r5',
    'pci-dss-4.0.1',
    'soc2-2017',
  ]);
  for (const framework of frameworks) {
    expect(framework.appliesWhen, framework.id).not.toEqual([]);
    expect(
      framework.controls.some(({ procedures }) => procedures.some(({ checks }) => checks.length > 0)),
      framework.id,
    ).toBe(true);
  }
});

test('no shipped paraphrase says that a requirement is met', async () => {
  const words = (await loadFrameworks()).flatMap(({ controls }) => controls);
  const claims = words.filter((control) => /complian|in place|satisfie/i.test(JSON.stringify(control))).map(({ id }) => id);
  expect(claims).toEqual([]);
});

test('a user adds a framework by a file', async () => {
  const path = join(folder, 'own.yaml');
  writeFileSync(path, stringify(own));
  const frameworks = await loadFrameworks([path]);
  expect(frameworks.at(-1)).toMatchObject({
    id: 'house-rules',
    controls: [{ id: 'H1', objective: null, reach: 'operation', appliesWhen: [] }],
  });
});

describe('refuses, naming the file and the place', () => {
  test('an id that is there already', async () => {
    const path = join(folder, 'again.yaml');
    writeFileSync(path, stringify({ ...own, id: 'soc2-2017' }));
    await expect(loadFrameworks([path])).rejects.toThrow(/again\.yaml: id: soc2-2017 is the id of .*soc2-2017\.yaml too/);
  });

  test('a file that is not there', async () => {
    await expect(loadFrameworks([join(folder, 'absent.yaml')])).rejects.toThrow(/absent\.yaml: cannot be read: ENOENT/);
  });

  test.each([
    ['an unknown key', { kontrols: [] }, /^own\.yaml: Unrecognized key: "kontrols"/],
    ['no controls', { controls: [] }, /controls: at least one control/],
    ['a fact that is not explained', { appliesWhen: ['other'] }, /appliesWhen: other is not among the facts of this file/],
    ['a control twice', { controls: [own.controls[0], own.controls[0]] }, /controls\.1\.id: H1 is there twice/],
  ])('%s', (_, change, message) => expect(refusal(change)).toMatch(message));

  test.each([
    ['an objective that no catalog can have', { objective: 'SC 8' }, /controls\.0\.objective: an id such as sc-8_obj/],
    ['an id that is not the catalog’s beside an objective', { id: 'SC 8', objective: 'sc-8_obj' }, /controls\.0\.id: with an objective/],
    ['text of two lines', { remains: 'a\nb' }, /controls\.0\.remains: one line/],
  ])('%s', (_, change, message) => expect(refusal({ controls: [{ ...own.controls[0], ...change }] })).toMatch(message));

  test.each([
    ['evidence for what is out of reach', { strength: 'out-of-reach' }, /procedures\.0\.checks: a procedure has checks exactly when/],
    ['no evidence for what is within reach', { checks: [] }, /procedures\.0\.checks: a procedure has checks exactly when/],
    [
      'company for none',
      { strength: 'out-of-reach', checks: [], also: ['WIR-02'] },
      /procedures\.0\.also: a check cannot speak beside none/,
    ],
    ['what is no check', { checks: ['wire'] }, /procedures\.0\.checks\.0: the id of a check/],
    ['an unknown type', { type: 'belief' }, /procedures\.0\.type: /],
  ])('%s', (_, change, message) => {
    const [control] = own.controls;
    const procedures = [{ ...control?.procedures[0], ...change }];
    expect(refusal({ controls: [{ ...control, procedures }] })).toMatch(message);
  });

  test('what is no YAML', () => expect(() => parseFramework('a: [', 'own.yaml')).toThrow(/^own\.yaml: .*line 1/));
});
