import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type FakeCluster, startFakeCluster } from '../../clusters/testdata/fake-cluster.ts';
import { parseConfig } from '../run/config/load-config.ts';
import { planRun } from '../run/plan-run.ts';
import { initCommand } from './init-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-init-'));
let fake: FakeCluster;
beforeAll(async () => {
  fake = await startFakeCluster();
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await fake[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('init writes what the cluster declares, and run then needs no flags', async () => {
  const out = join(folder, 'wirewitness.yaml');
  expect(await initCommand({ kubeconfig: fake.kubeconfig, witnessImage: 'registry/w@sha256:00', out })).toBe(0);
  const config = parseConfig(readFileSync(out, 'utf8'), out);
  expect(config).toMatchObject({ target: 'existing', intent: { mode: 'ipsec', routing: 'vxlan', profile: '1.18' } });
  const plan = await planRun({ config: out });
  expect(plan.existing).toMatchObject({ kubeconfig: fake.kubeconfig, image: 'registry/w@sha256:00' });
  expect(plan.intents).toMatchObject([{ mode: 'ipsec', routing: 'vxlan' }]);
});

test('a file that is there stays, and a cluster that is not gives none', async () => {
  const out = join(folder, 'mine.yaml');
  expect(await initCommand({ target: 'lab', out })).toBe(0);
  await expect(initCommand({ target: 'lab', out })).rejects.toThrow(`--out ${out}: is there already`);
  const none = join(folder, 'none.yaml');
  await expect(initCommand({ kubeconfig: '/nowhere/kubeconfig', out: none })).rejects.toMatchObject({ exitCode: 4 });
  expect(() => readFileSync(none)).toThrow('ENOENT');
});

test('keys of a configuration file are held to the target as flags are', async () => {
  const out = join(folder, 'keys.yaml');
  await initCommand({ target: 'lab', context: 'prod', out });
  await expect(planRun({ config: out })).rejects.toThrow(/keys\.yaml: context: this is for --target existing, and the target is lab/);
});
