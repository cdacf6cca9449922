import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sampleKey } from '../../reports/pack/testdata/sample-pack.ts';
import { sampleReport } from '../../reports/testdata/sample-report.ts';
import type { Report } from '../model/report.ts';
import { appendHistory } from '../run/history/append-history.ts';
import { fleetCommand } from './fleet-command.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-fleet-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.XDG_STATE_HOME = join(root, 'state');
const key = sampleKey();
const [good, leaks] = [join(root, 'good'), join(root, 'leaks')];

function reportOf(cluster: string, verdict: Report['verdict']): Report {
  const report = sampleReport();
  const environment = { ...report.environment, cluster: { ...report.environment.cluster, name: cluster } };
  return { ...report, verdict, environment, run: { ...report.run, id: `run-of-${cluster}`, fault: null } };
}

beforeAll(async () => {
  await appendHistory(good, reportOf('good', 'supports'), key, { pack: null });
  await appendHistory(leaks, reportOf('leaks', 'contradicts'), key, { pack: null });
  writeFileSync(join(root, 'public.pem'), key.publicPem);
});

async function told(folders: readonly string[], flags: Partial<Parameters<typeof fleetCommand>[1]> = {}) {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    const code = await fleetCommand(folders, { format: 'console', ...flags });
    return { code, text: write.mock.calls.map(([part]) => String(part)).join('') };
  } finally {
    write.mockRestore();
  }
}

test('the exit code is that of the worst cluster, and it comes first', async () => {
  expect((await told([good])).code).toBe(0);
  const both = await told([good, leaks]);
  expect(both.code).toBe(1);
  expect(both.text.indexOf('leaks (')).toBeLessThan(both.text.indexOf('good ('));
  expect((await told([good, join(root, 'nothing')])).code).toBe(2);
});

test('a history that was changed, or that nobody known signed, is a red row beside the others', async () => {
  const changed = join(root, 'changed');
  await appendHistory(changed, reportOf('changed', 'contradicts'), key, { pack: null });
  const file = join(changed, 'history.ndjson');
  writeFileSync(file, readFileSync(file, 'utf8').replace('run-of-changed', 'run-of-nobody'));
  const { code, text } = await told([good, changed]);
  expect(code).toBe(1);
  expect(text).toContain('the history is refused: line 1 of the history');
  expect(text).toContain('good (');
  expect((await told([good], { key: [join(root, 'public.pem')] })).code).toBe(0);
  const other = join(root, 'other.pem');
  writeFileSync(other, sampleKey().publicPem);
  expect((await told([good], { key: [other] })).code).toBe(1);
});

test('every form goes to a file, and what is overdue is inconclusive', async () => {
  for (const [format, start] of [
    ['html', '<!doctype html>'],
    ['openmetrics', '# TYPE wirewitness_fleet_verdict stateset'],
    ['json', '{'],
  ] as const) {
    const out = join(root, `fleet.${format}`);
    expect((await told([good, leaks], { format, out })).text).toBe('');
    expect(readFileSync(out, 'utf8').startsWith(start)).toBe(true);
  }
  expect((await told([good], { everyHours: '1' })).code).toBe(2);
  await expect(told([good], { everyHours: 'often' })).rejects.toMatchObject({ exitCode: 3 });
});
