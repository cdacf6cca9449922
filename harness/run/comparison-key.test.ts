import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readComparisonKey } from './comparison-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-comparison-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (text: string): string => {
  const path = join(folder, 'secret');
  writeFileSync(path, text);
  return path;
};

test('hexadecimal digits are read, with a line end or without', async () => {
  for (const end of ['', '\n', '\r\n']) expect(await readComparisonKey(file(`${'0f'.repeat(32)}${end}`), 'x')).toHaveLength(32);
});

test.each(['', '0f'.repeat(31), `${'0f'.repeat(32)}0`, 'swordfish'.repeat(10), '0f'.repeat(600)])(
  'anything else is refused without showing it: %#',
  async (text) => {
    const error: Error = await readComparisonKey(file(text), '--fingerprint-key secret').catch((caught) => caught);
    expect(error.message).toMatch(/^--fingerprint-key secret: must hold 64 to 1024 hexadecimal digits/);
    if (text.length > 0) expect(error.message).not.toContain(text);
  },
);

test('a file that is not there is named', async () => {
  await expect(readComparisonKey(join(folder, 'nothing'), '--fingerprint-key nothing')).rejects.toThrow(
    '--fingerprint-key nothing: cannot be read (ENOENT)',
  );
});
