import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CryptoInventory } from '../../harness/model/crypto.ts';
import { sampleKey } from '../pack/testdata/sample-pack.ts';
import { sampleReport } from '../testdata/sample-report.ts';
import { chainLine, readChain, retentionLine } from './chain.ts';
import type { RunSummary } from './entry.ts';
import { HistoryError } from './history-error.ts';
import { summaryOf } from './summary-of.ts';
import { trendOf } from './trend.ts';

const key = sampleKey();
const other = sampleKey();
const base = summaryOf(sampleReport(), null);
const at = (hours: number): string => new Date(Date.UTC(2026, 0, 1, hours)).toISOString();
const run = (hours: number, more: Partial<RunSummary> = {}): RunSummary => ({
  ...base,
  run: `run-${hours}`,
  recordedAt: at(hours),
  fault: null,
  ...more,
});

function chainOf(summaries: readonly RunSummary[], signer = key): string {
  let text = '';
  for (const summary of summaries) text += chainLine({ kind: 'run', summary }, readChain(text).at(-1) ?? null, signer);
  return text;
}

const text = chainOf([run(0), run(24), run(48), run(72)]);
const lines = text.trimEnd().split('\n');

describe('the chain', () => {
  test('is read again with what was written', () => {
    const chain = readChain(text, new Set([key.keyId]));
    expect(chain.map(({ entry }) => entry.sequence)).toEqual([1, 2, 3, 4]);
    expect(chain.map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : ''))).toEqual(['run-0', 'run-24', 'run-48', 'run-72']);
    expect(readChain('')).toEqual([]);
  });

  test('any changed byte is found', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 94 }), (place, by) => {
        const character = String.fromCharCode(((text.charCodeAt(place) - 32 + by + 95) % 95) + 32);
        if (character === text[place]) return;
        expect(() => readChain(text.slice(0, place) + character + text.slice(place + 1))).toThrow(HistoryError);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['the first removed', lines.slice(1), 1],
    ['one in the middle removed', [lines[0]!, ...lines.slice(2)], 2],
    ['two exchanged', [lines[0]!, lines[2]!, lines[1]!, lines[3]!], 2],
    ['one there twice', [lines[0]!, lines[0]!, ...lines.slice(1)], 2],
    ['one of another history', [lines[0]!, chainOf([run(1), run(2)]).split('\n')[1]!], 2],
  ])('%s is named by its line', (_name, changed, line) => {
    const found = (() => {
      try {
        return readChain(`${changed.join('\n')}\n`);
      } catch (error) {
        return error;
      }
    })();
    expect(found).toMatchObject({ name: 'HistoryError', line });
  });

  test('a cut end is found, and removed newest lines by the digest somebody kept', () => {
    expect(() => readChain(text.slice(0, -1))).toThrow('line 4 of the history: is cut short');
    const head = readChain(text).at(-1)!.digest;
    const shorter = readChain(`${lines.slice(0, 3).join('\n')}\n`);
    expect(shorter.some(({ digest }) => digest === head)).toBe(false);
  });

  test('an unknown signer is refused', () => {
    expect(() => readChain(text, new Set([other.keyId]))).toThrow(`signed by the unknown key ${key.keyId}`);
    expect(readChain(chainOf([run(0)], other), new Set([other.keyId]))).toHaveLength(1);
  });

  test('a retention line stands for what was removed, at the beginning only', () => {
    const chain = readChain(text);
    const line = retentionLine(chain[1]!, 2, at(40), key);
    const kept = readChain(`${line}${lines.slice(2).join('\n')}\n`);
    expect(kept[0]!.entry).toMatchObject({ kind: 'retention', removed: 2, sequence: 2 });
    expect(kept.at(-1)!.digest).toBe(chain.at(-1)!.digest);
    expect(() => readChain(`${lines.join('\n')}\n${line}`)).toThrow('stands for removed lines');
    expect(() => readChain(`${line}${lines[3]}\n`)).toThrow('line 2');
  });
});

describe('trend', () => {
  test('a gap is what is longer than one and a half times the usual, or the named, distance', () => {
    const runs = [0, 24, 48, 120, 144].map((hours) => run(hours));
    expect(trendOf(runs)[0]!.gaps).toEqual([{ from: at(48), to: at(120), hours: 72 }]);
    expect(trendOf(runs, 72)[0]!.gaps).toEqual([]);
    expect(trendOf(runs, 12)[0]!.gaps).toHaveLength(4);
    expect(trendOf(runs.slice(0, 1))[0]!.gaps).toEqual([]);
  });

  test('only runs of one cluster, claim and scenario are compared, and none with a fault', () => {
    const wireguard = run(1, { intent: { ...base.intent, mode: 'wireguard' }, crypto: ['WireGuard'] });
    const series = trendOf([run(0, { crypto: ['a'] }), wireguard, run(2, { crypto: ['a', 'b'] }), run(3, { fault: 'L01', crypto: [] })]);
    expect(series.map(({ points }) => points.length).sort()).toEqual([1, 2]);
    expect(series.flatMap(({ drift }) => drift)).toEqual([{ run: 'run-2', recordedAt: at(2), added: ['b'], removed: [] }]);
  });

  test('runs are put in the order in which they were recorded', () => {
    expect(trendOf([run(5), run(1), run(3)])[0]!.points.map((point) => point.run)).toEqual(['run-1', 'run-3', 'run-5']);
  });
});

test('a summary counts the verdicts, names the red ones, and describes the cryptography without what is new in every run', () => {
  const report = sampleReport();
  const sighting = { firstSeen: '', lastSeen: '', goneBy: null, nodes: [], evidence: [] };
  const association = (src: string, spi: string, keyBits: number) =>
    ({
      ...sighting,
      kind: 'ipsec-association',
      proto: 'esp',
      src,
      dst: '10.0.0.2',
      spi,
      mode: 'tunnel',
      esn: true,
      algorithms: [{ role: 'aead', name: 'rfc4106(gcm(aes))', keyBits, icvBits: 128, fingerprint: 'aa' }],
    }) as const;
  const crypto: CryptoInventory = {
    mode: 'ipsec',
    assets: [association('10.0.0.1', '0x00000003', 160), association('10.0.0.3', '0x00000004', 160)],
    gaps: [],
  };
  const summary = summaryOf({ ...report, crypto }, 'ab');
  expect(summary.crypto).toEqual(['IPsec SA: esp tunnel with ESN, rfc4106(gcm(aes)) 160 bit key 128 bit ICV']);
  expect(summary.pack).toBe('ab');
  expect(Object.values(summary.checks).reduce((sum, n) => sum + n, 0)).toBe(report.verdicts.length);
  expect(summary.contradicting).toEqual(
    report.verdicts
      .filter((v) => v.verdict === 'contradicts')
      .map((v) => v.id)
      .sort(),
  );
  expect(summaryOf({ ...report, crypto: { ...crypto, gaps: ['x'] } }, null).crypto).toContain('the inventory is not complete');
});

describe('samples', () => {
  const sampleOf = (round: number, more: object = {}) => ({
    sample: {
      ...{ partners: 3, seed: '0f'.repeat(16), round, population: 380, sampled: 60, proven: 60, clear: 0, rounds: 7 },
      ...{ confidence: 0.95, limit: 0.049, ring: 'c'.repeat(64) },
      ...more,
    },
  });
  const sampledOf = (...runs: readonly RunSummary[]) => trendOf(runs)[0]?.sampled;

  test('the rounds of the latest seed are added up, one that was driven again once', () => {
    const early = run(0, sampleOf(6, { seed: 'ee'.repeat(16) }));
    expect(sampledOf(early, run(24, sampleOf(0)), run(48, sampleOf(1, { proven: 50 })), run(72, sampleOf(1)), run(96))).toEqual({
      ...{ seed: '0f'.repeat(16), driven: 2, rounds: 7, proven: 120, population: 380 },
    });
    expect(sampledOf(run(0))).toBeUndefined();
  });

  test('no more than all pairs are proven, and rounds among other nodes do not count', () => {
    const all = Array.from({ length: 7 }, (_, round) => run(24 * round, sampleOf(round)));
    expect(sampledOf(...all)).toMatchObject({ driven: 7, proven: 380 });
    expect(sampledOf(...all, run(200, sampleOf(0, { ring: 'd'.repeat(64) })))).toMatchObject({ driven: 1, proven: 60 });
  });

  test('a summary keeps what the report says, with the digest of its nodes', () => {
    const { ring: _, ...claim } = sampleOf(2).sample;
    const summary = summaryOf({ ...sampleReport(), sample: claim }, null);
    expect(summary.sample).toEqual({ ...claim, ring: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(readChain(chainLine({ kind: 'run', summary }, null, key))[0]?.entry).toMatchObject({ summary: { sample: claim } });
  });
});
