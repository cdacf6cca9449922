import { describe, expect, test } from 'vitest';
import { catalogue } from '../../suites/catalogue.ts';
import { plainFinding } from '../model/verdict.ts';
import { clearPing, espFrame } from '../testing/node-frames.ts';
import { buildRecording, flow } from '../testing/recording.ts';
import type { Check } from './check.ts';
import { judge } from './judge.ts';
import { buildReport, overallVerdict } from './report.ts';

const recording = () =>
  buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, 'ab'.repeat(16))] },
      { phase: 'encrypted', frames: [espFrame('out', 1), espFrame('back', 1)] },
    ],
    traffic: [flow('clear', 'ab'.repeat(16)), flow('encrypted', 'cd'.repeat(16))],
  });

describe('judge', () => {
  test('the same recording gives the same report, byte for byte', async () => {
    const once = async (): Promise<string> => {
      const source = recording();
      return JSON.stringify(await buildReport(source, catalogue, await judge(source, catalogue)));
    };
    expect(await once()).toBe(await once());
  });

  test('a check that breaks is inconclusive and says why', async () => {
    const broken: Check = {
      id: 'ZZZ-01',
      must: 'breaks',
      modes: ['ipsec'],
      evidence: '',
      needs: [],
      remedy: '',
      judge() {
        throw new Error('no such thing');
      },
    };
    const { verdicts } = await judge(recording(), [broken]);
    expect(verdicts[0]).toMatchObject({
      id: 'ZZZ-01',
      verdict: 'inconclusive',
      facts: [{ text: 'ZZZ-01 could not be judged: no such thing' }],
    });
  });
});

describe('overallVerdict', () => {
  test.each([
    [['supports', 'not-exercised', 'not-applicable'], 'supports', 'inconclusive'],
    [['supports', 'inconclusive'], 'inconclusive', 'inconclusive'],
    [['supports', 'inconclusive', 'contradicts'], 'contradicts', 'contradicts'],
    [['not-exercised'], 'inconclusive', 'inconclusive'],
    [[], 'inconclusive', 'inconclusive'],
  ] as const)('%j is %s, and %s when the run did not complete', (verdicts, complete, incomplete) => {
    expect(overallVerdict(verdicts, true)).toBe(complete);
    expect(overallVerdict(verdicts, false)).toBe(incomplete);
  });
});

test('the report of a run that did not complete never supports the claim', async () => {
  const whole = recording();
  const { facts, flows } = await judge(whole, []);
  const supported = flows.map((each) => ({ ...each, verdict: 'supports' as const }));
  const supports = { id: 'WIR-01', ...plainFinding('supports', '', '') };
  const { manifest } = whole;
  const stopped = { ...whole, manifest: { ...manifest, run: { ...manifest.run, complete: false, note: 'interrupted by SIGINT' } } };
  expect((await buildReport(whole, catalogue, { facts, verdicts: [supports], flows: supported })).verdict).toBe('supports');
  expect((await buildReport(stopped, catalogue, { facts, verdicts: [supports], flows: supported })).verdict).toBe('inconclusive');
});
