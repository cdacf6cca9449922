import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlowVerdict } from './report.ts';
import { sampleClaim, sampleStatement, upperLimit } from './sample-claim.ts';
import type { Verdict } from './verdict.ts';

const SEED = '0f'.repeat(16);
const claim = { partners: 3, seed: SEED, round: 4, population: 249_500, sampled: 1200, proven: 1200, clear: 0, rounds: 167 };

describe('the limit', () => {
  test('is that of the rule of three where nothing was clear', () => {
    expect(upperLimit(0, 1200, 0.95)).toBeCloseTo(1 - 0.05 ** (1 / 1200), 10);
    expect(upperLimit(0, 1200, 0.95) / (3 / 1200)).toBeCloseTo(1, 2);
    expect(upperLimit(0, 1, 0.95)).toBeCloseTo(0.95, 10);
    expect(upperLimit(0, 0, 0.95)).toBe(1);
    expect(upperLimit(5, 5, 0.95)).toBe(1);
  });

  test('is that of Clopper and Pearson: at the limit, at most so many are clear with a probability of 5 %', () => {
    // R: binom.test(3, 50, alternative = "less")$conf.int is 0 to 0.1482.
    expect(upperLimit(3, 50, 0.95)).toBeCloseTo(0.1482, 3);
    const atMost = (clear: number, drawn: number, share: number): number => {
      let [sum, term] = [0, (1 - share) ** drawn];
      for (let k = 0; k <= clear; k++) {
        sum += term;
        term *= ((drawn - k) / (k + 1)) * (share / (1 - share));
      }
      return sum;
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(20), (drawn, clear) => {
        fc.pre(clear < drawn);
        expect(atMost(clear, drawn, upperLimit(clear, drawn, 0.95))).toBeCloseTo(0.05, 6);
      }),
    );
  });
});

describe('the statement', () => {
  test('says the figures, the confidence, the assumption and which sample it was', () => {
    const text = sampleStatement({ ...claim, confidence: 0.95, limit: upperLimit(0, 1200, 0.95) });
    expect(text).toBe(
      `0 clear in 1,200 sampled of 249,500 ordered pairs of nodes: at 95 % confidence fewer than 0.25 % of the pairs are clear (exact binomial limit; assumes that a clear pair is as likely to be drawn as any other, for which the seed is random); sample ${SEED}/4, round 5 of 167`,
    );
  });

  test('says nothing of the other pairs where none was proven', () => {
    expect(sampleStatement({ ...claim, proven: 0, confidence: 0.95, limit: 1 })).toBe(
      `0 clear in 0 sampled of 249,500 ordered pairs of nodes (1,200 more were sampled and not proven): nothing is shown of the other pairs; sample ${SEED}/4, round 5 of 167`,
    );
  });

  test('never rounds a limit down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (drawn) => {
        const limit = upperLimit(0, drawn, 0.95);
        const [, said] = /fewer than ([\d.e-]+) %/.exec(sampleStatement({ ...claim, proven: drawn, confidence: 0.95, limit })) ?? [];
        expect(Number(said)).toBeGreaterThanOrEqual(limit * 100 * (1 - 1e-9));
        expect(Number(said)).toBeLessThanOrEqual(limit * 111);
      }),
    );
  });
});

describe('the claim', () => {
  const nodes = ['a', 'b', 'c'].map((name) => ({ name, addresses: [], podCidrs: [], internalAddresses: [], uplink: '' }));
  const end = (node: string) => ({ name: `demo/${node}`, kind: 'pod' as const, node, address: '' });
  const flow = (from: string, to: string, verdict: Verdict, more: Partial<FlowVerdict> = {}): FlowVerdict => ({
    ...{ id: `${from}${to}`, path: 'pod-pod', family: 'ipv4', protocol: 'udp', source: end(from), destination: end(to) },
    ...{ treatment: 'encrypted', treatmentReason: '', verdict, reason: '', sent: 1, answered: 1, clearFrames: 0, controlFrames: 1 },
    ...more,
  });
  const all = (verdict: (from: string, to: string) => Verdict) =>
    nodes.flatMap(({ name: from }) => nodes.flatMap(({ name: to }) => (from === to ? [] : [flow(from, to, verdict(from, to))])));
  const of = (flows: readonly FlowVerdict[]) => sampleClaim({ nodes }, { partners: 1, seed: SEED, round: 0 }, flows);

  test('counts the pairs of the sample only, each once', () => {
    const flows = all(() => 'supports');
    expect(of([...flows, ...flows])).toMatchObject({ population: 6, sampled: 3, proven: 3, clear: 0, rounds: 2 });
  });

  test('counts a pair as clear if one of its flows is, and as proven only if all of them are', () => {
    expect(of([...all(() => 'supports'), ...all(() => 'contradicts')])).toMatchObject({ proven: 0, clear: 3, limit: 1 });
    expect(of([...all(() => 'contradicts'), ...all(() => 'inconclusive')])).toMatchObject({ clear: 3 });
    expect(of([...all(() => 'supports'), ...all(() => 'inconclusive')])).toMatchObject({ proven: 0, clear: 0, limit: 1 });
    expect(of([...all(() => 'inconclusive'), ...all(() => 'supports')])).toMatchObject({ proven: 0, clear: 0 });
  });

  test('rests on no flow that is clear by design, stayed on its node, or was not driven', () => {
    const idle = all(() => 'supports').map((one): FlowVerdict => ({ ...one, treatment: 'clear-by-design' }));
    expect(of(idle)).toMatchObject({ proven: 0 });
    expect(of(all(() => 'not-exercised'))).toMatchObject({ proven: 0 });
    expect(of([])).toMatchObject({ sampled: 3, proven: 0, limit: 1 });
  });
});
