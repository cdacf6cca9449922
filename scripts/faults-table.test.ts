import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withFaultsTable } from './faults-table.ts';
import { ROOT } from './tool.ts';

test('docs/faults.md lists the faults as the code has them', () => {
  // To write it again: npm run docs
  const page = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8');
  expect(withFaultsTable(page)).toBe(page);
});

test('a page without the markers is refused', () => {
  expect(() => withFaultsTable('# faults')).toThrow('lacks');
});
