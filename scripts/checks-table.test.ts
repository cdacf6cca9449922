import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withChecksTable } from './checks-table.ts';
import { ROOT } from './tool.ts';

test('docs/checks.md lists the checks as the code has them', () => {
  // To write it again: npm run docs
  const page = readFileSync(join(ROOT, 'docs/checks.md'), 'utf8');
  expect(withChecksTable(page)).toBe(page);
});

test('a page without the markers is refused', () => {
  expect(() => withChecksTable('# checks')).toThrow('lacks');
});
