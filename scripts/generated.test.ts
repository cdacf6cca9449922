import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED, withSection } from './generated.ts';
import { ROOT } from './tool.ts';

// To write them again: npm run docs
test.each(GENERATED)('$file is as the code has it', ({ file, write }) => {
  const now = readFileSync(join(ROOT, file), 'utf8');
  const due = write(now);
  // Biome formats its own configuration: what counts is what it says.
  expect(file.endsWith('biome.json') ? JSON.parse(due) : due).toEqual(file.endsWith('biome.json') ? JSON.parse(now) : now);
});

test('a page without the markers is refused', () => {
  expect(() => withSection('# checks', 'checks', '')).toThrow('lacks');
});
