import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { catalogue } from '../../suites/catalogue.ts';
import { declaredControls } from './declared-controls.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-declared-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, stringify(content));
  return path;
}

const framework = (check: string) => ({
  id: 'house-rules',
  title: 'House rules',
  version: '1',
  note: 'ours',
  facts: { houseRules: 'We keep them.' },
  appliesWhen: ['houseRules'],
  controls: [
    {
      id: 'H1',
      paraphrase: 'Encrypt.',
      procedures: [{ id: 'H1', type: 'observation', paraphrase: 'Look.', strength: 'direct', checks: [check] }],
      remains: 'nothing',
    },
  ],
});

test('without a configuration nothing is declared', async () => {
  const { frameworks, scope } = await declaredControls({}, folder);
  expect(frameworks.map(({ id }) => id)).toContain('pci-dss-4.0.1');
  expect(scope).toEqual({});
});

test('frameworks and facts of the configuration and of the command line', async () => {
  const own = file('own.yaml', framework('WIR-01'));
  const config = file('config.yaml', { scope: { houseRules: true, paymentCardData: false }, controls: [own] });
  const declared = await declaredControls({ config });
  expect(declared.frameworks.at(-1)?.id).toBe('house-rules');
  expect(declared.scope).toEqual({ houseRules: true, paymentCardData: false });
  expect((await declaredControls({ controls: [own] }, folder)).frameworks.at(-1)?.id).toBe('house-rules');
});

test('a misspelt fact, an unknown check and an unusable file are usage errors that name them', async () => {
  const misspelt = file('misspelt.yaml', { scope: { paymentCard: true } });
  await expect(declaredControls({ config: misspelt })).rejects.toThrow(
    /misspelt\.yaml: scope\.paymentCard: no framework asks for it; asked for: .*paymentCardData/,
  );
  const wrong = file('wrong.yaml', framework('WIR-99'));
  await expect(declaredControls({ controls: [wrong] }, folder)).rejects.toThrow(
    'controls of house-rules: H1: H1: there is no check WIR-99',
  );
  await expect(declaredControls({ controls: [join(folder, 'absent.yaml')] }, folder)).rejects.toMatchObject({ exitCode: 3 });
});

test('every check that a shipped framework names is in the catalogue', async () => {
  const known = new Set(catalogue.map(({ id }) => id));
  const named = (await declaredControls({}, folder)).frameworks.flatMap(({ controls }) =>
    controls.flatMap(({ procedures }) => procedures.flatMap(({ checks, also }) => [...checks, ...also])),
  );
  expect([...new Set(named)].filter((id) => !known.has(id))).toEqual([]);
});

test('docs/controls.md explains every fact, and its example is a framework', async () => {
  const text = readFileSync(new URL('../../docs/controls.md', import.meta.url), 'utf8');
  const facts = (await declaredControls({}, folder)).frameworks.flatMap((known) => Object.keys(known.facts));
  expect(facts.filter((fact) => !text.includes(`| \`${fact}\` |`))).toEqual([]);
  const example = join(folder, 'example.yaml');
  writeFileSync(example, /```yaml\n(id: house-rules[\s\S]*?)```/.exec(text)?.[1] ?? '');
  expect((await declaredControls({ controls: [example] }, folder)).frameworks.at(-1)?.id).toBe('house-rules');
});
