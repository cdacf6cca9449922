import { describe, expect, test } from 'vitest';
import type { Check } from '../../harness/judge/check.ts';
import type { ControlRun } from '../../harness/judge/controls/seen-red.ts';
import type { RecordingManifest } from '../../harness/model/recording.ts';
import { plainFinding } from '../../harness/model/verdict.ts';
import { checksOf } from '../catalogue.ts';
import { evi03 } from './evi-03-repeat.ts';
import { evi04 } from './evi-04-controls.ts';

import { eviVerdict, factChecks } from './testdata/evidence-recording.ts';

describe('EVI-03', () => {
  test('supports and gives a digest', async () => {
    const found = await eviVerdict('EVI-03');
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/18 verdicts examined.*SHA-256 of the verdicts [0-9a-f]{64}/);
    expect(found).toEqual(await eviVerdict('EVI-03'));
  });
  test('a check that depends on something else contradicts', async () => {
    let calls = 0;
    const fickle: Check = {
      ...factChecks[0]!,
      id: 'ZZZ-01',
      judge: () => plainFinding('supports', `call ${calls++}`, ''),
    };
    const found = await eviVerdict('EVI-03', {}, [fickle, ...checksOf('EVI')]);
    expect(found.verdict).toBe('contradicts');
    expect(found.reason).toMatch(/ZZZ-01 says supports and then supports: call 0; call 1/);
  });
  test('without other checks it is inconclusive', async () =>
    expect((await eviVerdict('EVI-03', {}, [evi03])).verdict).toBe('inconclusive'));
});

describe('EVI-04', () => {
  const run = (...ids: string[]): ControlRun => ({
    schema: 1,
    recordedAt: '2026-11-21T00:00:00.000Z',
    toolVersion: '0.1.0',
    seen: ids.map((check) => ({ check, fault: 'L01', mode: 'ipsec', routing: 'vxlan', profile: '1.18', verdict: 'contradicts' })),
  });
  const faultsOf = (check: string) => (check === 'WIR-05' ? ['L27'] : []);
  const judged = (control: ControlRun) =>
    eviVerdict('EVI-04', {}, [...factChecks, evi04], { faultsOf, whyNone: () => undefined, run: control });

  test('without a control run it was not exercised', async () => expect((await judged(run())).verdict).toBe('not-exercised'));
  test('a run that saw every check red supports', async () => {
    const found = await judged(run(...factChecks.map((c) => c.id)));
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/control run of 2026-11-21/);
  });
  test('a check that nobody saw red is named', async () => {
    const found = await judged(run('WIR-01'));
    expect(found.verdict).toBe('inconclusive');
    expect(found.reason).toMatch(/WIR-05 was never seen red; its controls are L27/);
    expect(found.reason).not.toMatch(/WIR-03 was never/);
  });
  test.each<[string, Partial<RecordingManifest['captures'][number]>, Partial<RecordingManifest['traffic'][number]>]>([
    ['was never sent', {}, { sent: 0 }],
    ['was seen by a capture that did not end well', { exitCode: 1 }, {}],
    ['was seen inside a node only', { vantage: 'pod', node: 'node1' }, {}],
    ['is of traffic within one node', {}, { path: 'same-node' }],
  ])('a canary of the un-encrypted phase that %s is no control', async (_, capture, sent) => {
    const manifest = (m: RecordingManifest): RecordingManifest => ({
      ...m,
      captures: m.captures.map((c) => (c.phase === 'clear' ? { ...c, ...capture } : c)),
      traffic: m.traffic.map((t) => (t.phase === 'clear' ? { ...t, ...sent } : t)),
    });
    const control = { faultsOf, whyNone: () => undefined, run: run('WIR-01') };
    expect((await eviVerdict('EVI-04', {}, [...factChecks, evi04], control)).reason).not.toMatch(/can turn .*WIR-02/);
    expect((await eviVerdict('EVI-04', { manifest }, [...factChecks, evi04], control)).reason).toMatch(/can turn .*WIR-02/);
  });
});
