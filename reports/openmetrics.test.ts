import { describe, expect, test } from 'vitest';
import { writeOpenMetrics } from './openmetrics.ts';
import { hostileReport } from './testdata/hostile-report.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const DESCRIPTOR = new RegExp(
  String.raw`^# (?:(TYPE) (${NAME}) (gauge|info|stateset)|(UNIT) (${NAME}) ([a-z]+)|(HELP) (${NAME}) ((?:[^\\\n]|\\["\\n])*))$`,
);
const SAMPLE = new RegExp(String.raw`^(${NAME})\{(${LABEL}(?:,${LABEL})*)\} (-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?))$`);

interface ReadFamily {
  readonly type: string;
  readonly unit: string;
  readonly samples: { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** Reads the grammar of OpenMetrics 1.0 as far as gauges, infos and statesets go; whatever it does not know is an error. */
function read(text: string): Map<string, ReadFamily> {
  expect(text.endsWith('\n# EOF\n'), 'ends with # EOF').toBe(true);
  const families = new Map<string, ReadFamily>();
  let current = '';
  let [type, unit] = ['', ''];
  for (const line of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1)) {
    const descriptor = DESCRIPTOR.exec(line);
    if (descriptor !== null) {
      const [, isType, typed, kind, isUnit, united, what, , helped] = descriptor;
      const name = typed ?? united ?? helped ?? '';
      if (isType !== undefined) {
        expect(families.has(name), `${name} once, its samples together`).toBe(false);
        current = name;
        [type, unit] = [kind ?? '', ''];
        families.set(name, { type, unit, samples: [] });
      }
      expect(name, 'descriptors of one family stand together').toBe(current);
      expect(families.get(current)?.samples, 'descriptors before samples').toEqual([]);
      if (isUnit !== undefined) {
        unit = what ?? '';
        expect(name.endsWith(`_${unit}`), `${name} ends in its unit`).toBe(true);
        families.set(name, { type, unit, samples: [] });
      }
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (sample === null) throw new Error(`neither a descriptor nor a sample: ${line}`);
    const [, name, pairs = '', value] = sample;
    expect(name).toBe(type === 'info' ? `${current}_info` : current);
    const labels = [...pairs.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text] as const);
    expect(new Set(labels.map(([key]) => key)).size, 'each label once').toBe(labels.length);
    families.get(current)?.samples.push({ labels: Object.fromEntries(labels), value: Number(value) });
  }
  for (const [name, { type: kind, samples }] of families) {
    expect(new Set(samples.map(({ labels }) => JSON.stringify(labels))).size, `${name}: each sample once`).toBe(samples.length);
    if (kind === 'info') for (const { value } of samples) expect(value).toBe(1);
    if (kind === 'stateset') statesOf(name, samples);
  }
  return families;
}

function statesOf(name: string, samples: ReadFamily['samples']): void {
  const sets = Map.groupBy(samples, ({ labels }) => JSON.stringify({ ...labels, [name]: '' }));
  for (const set of sets.values()) {
    expect(set.every(({ labels }) => labels[name] !== undefined)).toBe(true);
    expect(
      set.reduce((sum, { value }) => sum + value, 0),
      'one state is in force',
    ).toBe(1);
  }
}

describe('OpenMetrics', () => {
  test.each([
    ['healthy', healthyReport()],
    ['sample', sampleReport()],
    ['hostile', hostileReport()],
    ['empty', { ...healthyReport(), flows: [], ledger: {}, verdicts: [], checks: [] }],
  ])('%s keeps to the grammar', (_name, report) => {
    expect(read(writeOpenMetrics(report)).size).toBeGreaterThan(4);
  });

  const value = (text: string, name: string, labels: Record<string, string>): number | undefined =>
    read(text)
      .get(name)
      ?.samples.find((sample) => Object.entries(labels).every(([key, wanted]) => sample.labels[key] === wanted))?.value;

  test('verdicts, clear frames and times are those of the report', () => {
    const text = writeOpenMetrics(sampleReport());
    expect(value(text, 'wirewitness_verdict', { wirewitness_verdict: 'contradicts' })).toBe(1);
    expect(value(text, 'wirewitness_check_verdict', { check: 'WIR-01', wirewitness_check_verdict: 'contradicts' })).toBe(1);
    expect(value(text, 'wirewitness_clear_frames', { path: 'pod-pod', treatment: 'encrypted' })).toBe(24);
    expect(value(writeOpenMetrics(healthyReport()), 'wirewitness_clear_frames', { path: 'pod-pod', treatment: 'encrypted' })).toBe(0);
    expect(value(text, 'wirewitness_run_start_timestamp_seconds', { mode: 'ipsec' })).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) / 1000);
  });

  test('headroom is told of SAs without ESN only, and of the judged phase', () => {
    const report = healthyReport();
    const [key = '', ledger] = Object.entries(report.ledger).find(([, { phase }]) => phase !== 'clear') ?? [];
    const account = { src: '10.0.1.1', dst: '10.0.2.1', spi: '0x00000003', frames: 1, firstSeq: 1, lastSeq: 2 ** 31, duplicates: 0 };
    const crypto = (esn: boolean) => ({
      mode: 'ipsec' as const,
      gaps: [],
      assets: [
        {
          kind: 'ipsec-association' as const,
          ...{ proto: 'esp', src: account.src, dst: account.dst, spi: account.spi, mode: 'tunnel', esn, algorithms: [] },
          ...{ firstSeen: '2026-01-02T03:04:05Z', lastSeen: '2026-01-02T03:04:05Z', goneBy: null, nodes: [], evidence: [] },
        },
      ],
    });
    const of = (esn: boolean, phase: 'encrypted' | 'clear') =>
      writeOpenMetrics({ ...report, crypto: crypto(esn), ledger: { [key]: { ...ledger!, phase, esp: [account] } } });
    expect(value(of(false, 'encrypted'), 'wirewitness_sa_sequence_headroom_ratio', { spi: '0x00000003' })).toBe(0.5);
    expect(of(true, 'encrypted')).not.toContain('headroom');
    expect(of(false, 'clear')).not.toContain('wirewitness_sa_');
  });
});
