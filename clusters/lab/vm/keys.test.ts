import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeSshKey } from './keys.ts';

test('ssh-keygen reads the private key and derives the same public one', (ctx) => {
  const folder = mkdtempSync(join(tmpdir(), 'ww-keys-'));
  try {
    const key = makeSshKey('a comment');
    writeFileSync(join(folder, 'id'), key.openssh, { mode: 0o600 });
    let derived: string;
    try {
      derived = execFileSync('ssh-keygen', ['-y', '-f', join(folder, 'id')], { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
    } catch (error) {
      ctx.skip((error as NodeJS.ErrnoException).code === 'ENOENT', 'this machine has no ssh-keygen');
      throw error;
    }
    expect(derived.trim()).toBe(`${key.publicLine} a comment`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no two keys are the same', () => {
  expect(makeSshKey('x').publicLine).not.toBe(makeSshKey('x').publicLine);
});
