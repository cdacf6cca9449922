import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { krewManifest } from './krew.ts';

test('the manifest of the kubectl plugin names version, place and digest of a package', () => {
  const manifest = parse(
    krewManifest({ version: '0.1.0', description: '' }, Buffer.from('tarball'), 'https://example.org/v0.1.0/wirewitness.tar.gz'),
  );
  expect(manifest).toMatchObject({ kind: 'Plugin', metadata: { name: 'wirewitness' }, spec: { version: 'v0.1.0' } });
  const [platform] = manifest.spec.platforms;
  expect(platform.sha256).toBe('db4b4d0d1cb480bf9aeea253771c00febe627f236765fa37d6a5614f079a3aa0');
  expect(platform.bin).toBe('package/bin/wirewitness');
  expect(manifest.spec.shortDescription.length).toBeLessThan(50);
  expect(() => krewManifest({ version: '0.1.0', description: '' }, Buffer.from(''), 'http://example.org/x.tar.gz')).toThrow('https');
});

test('under the name that kubectl looks for, the launcher is the same program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-plugin-'));
  try {
    const plugin = join(folder, 'kubectl-wirewitness');
    symlinkSync(fileURLToPath(new URL('../bin/wirewitness', import.meta.url)), plugin);
    expect(execFileSync(plugin, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
