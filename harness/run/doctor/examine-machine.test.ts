import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findProgram } from '../../proc/find-program.ts';
import { examineCache, examineNode } from './examine-machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('an old Node is missing, with the command that brings a new one', () => {
  expect(examineNode('20.20.2')).toMatchObject({ state: 'missing', fix: 'sh scripts/setup' });
  expect(examineNode('24.0.0').state).toBe('ok');
  expect(examineNode('100.1.0').state).toBe('ok');
});

test('a program is found only where it is executable', () => {
  const program = join(folder, 'wirewitness-probe');
  writeFileSync(program, '');
  chmodSync(program, 0o644);
  expect(findProgram('wirewitness-probe', folder)).toBeUndefined();
  chmodSync(program, 0o755);
  expect(findProgram('wirewitness-probe', `/nowhere:${folder}`)).toBe(program);
});

test('a cache folder that cannot be made is named', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await examineCache(join(file, 'cache'))).toMatchObject({ state: 'missing', detail: expect.stringContaining(join(file, 'cache')) });
  expect((await examineCache(join(folder, 'cache'))).state).toBe('ok');
});
