import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadWaivers } from './load-waivers.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-waivers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, 'waivers.yaml');
  writeFileSync(path, text);
  return path;
}

const entry = (check: string, more = '', about = 'wholeCheck: true') =>
  `waivers:\n  - check: ${check}\n    ${about}\n    owner: platform team\n    reason: accepted until the kernel is new\n    expires: 2027-03-31\n${more}`;

test('reads what a user wrote, and nothing where no file is named', async () => {
  expect(await loadWaivers(undefined)).toEqual([]);
  expect(await loadWaivers(file(entry('WIR-11')))).toEqual([
    { check: 'WIR-11', wholeCheck: true, owner: 'platform team', reason: 'accepted until the kernel is new', expires: '2027-03-31' },
  ]);
});

test('names the place of a mistake, an unknown check and a file that is not there', async () => {
  await expect(loadWaivers(file(entry('WIR-11', '    flows: all\n')))).rejects.toThrow(
    /waivers\.yaml:7:5: unknown key "flows"; allowed here: check, /,
  );
  await expect(loadWaivers(file(entry('WIR-99')))).rejects.toThrow('there is no check WIR-99');
  await expect(loadWaivers(join(folder, 'absent.yaml'))).rejects.toThrow('cannot be read: ENOENT');
});
