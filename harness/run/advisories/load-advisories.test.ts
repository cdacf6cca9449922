import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { compareReleases, releaseOf } from '../../model/release.ts';
import { loadAdvisories } from './load-advisories.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-advisories-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A folder with one record. */
function folderOf(record: object, name = 'own.yaml'): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  writeFileSync(join(folder, name), stringify(record));
  return folder;
}

const own = {
  id: 'house-1',
  component: 'cilium',
  title: 'Ours',
  harm: 'plaintext',
  mechanism: 'A patch.',
  affected: [{ from: '1.18.2', fixed: '1.18.4' }],
  observable: 'Readable packets.',
  checks: ['WIR-01'],
  faults: ['L03'],
  links: ['https://example.com/house-1'],
};

test('the shipped records name checks and faults that there are, and each is in the file of its name', async () => {
  const shipped = await loadAdvisories();
  expect(shipped.length).toBeGreaterThan(20);
  for (const { id, affected } of shipped)
    for (const { from, fixed } of affected)
      if (from !== undefined && fixed !== null) expect(compareReleases(releaseOf(from) ?? [], releaseOf(fixed) ?? []), id).toBeLessThan(0);
});

test('a user adds a record without code', async () => {
  expect((await loadAdvisories([folderOf(own)])).at(-1)).toMatchObject({
    id: 'house-1',
    aliases: [],
    conditions: {},
    distributions: false,
  });
});

describe('refuses, naming the file and the place', () => {
  test.each([
    ['an unknown key', { ...own, severity: 'high' }, /own\.yaml:\d+:\d+: unknown key "severity"; allowed here: id, aliases/],
    [
      'an unknown key of a range',
      { ...own, affected: [{ to: '1.2', fixed: null }] },
      /unknown key "to"; allowed here: from, fixed, routings/,
    ],
    ['an unknown condition', { ...own, conditions: { mode: 'ipsec' } }, /unknown key "mode"; allowed here: modes, routings/],
    ['a release that is a number', { ...own, affected: [{ fixed: 1.2 }] }, /own\.yaml:\d+:\d+: affected\.0\.fixed: /],
    ['an address without https', { ...own, links: ['http://example.com'] }, /links\.0: an address that begins with https/],
    ['no link', { ...own, links: [] }, /links: /],
    ['a fault and a reason against it', { ...own, notImitated: 'no' }, /faults: either faults that imitate it/],
    ['neither', { ...own, faults: [] }, /faults: either faults that imitate it/],
    ['a check that there is not', { ...own, checks: ['WIR-99'] }, /checks: there is no check WIR-99/],
    ['a fault that there is not', { ...own, faults: ['L999'] }, /faults: there is no fault L999/],
    ['an id that is shipped', { ...own, id: 'CVE-2024-28860' }, /id: CVE-2024-28860 is also the id of .*CVE-2024-28860\.yaml/],
  ])('%s', async (_, record, message) => {
    await expect(loadAdvisories([folderOf(record)])).rejects.toMatchObject({ exitCode: 3, message: expect.stringMatching(message) });
  });

  test('a folder that is not there, and one without records', async () => {
    await expect(loadAdvisories([join(root, 'absent')])).rejects.toThrow(/absent: cannot be read: ENOENT/);
    await expect(loadAdvisories([folderOf(own, 'own.txt')])).rejects.toThrow(/contains no record/);
  });
});
