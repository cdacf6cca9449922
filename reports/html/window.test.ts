import { expect, test } from 'vitest';
import type { WindowReport } from '../../harness/model/report.ts';
import { sampleReport } from '../testdata/sample-report.ts';
import { writeHtml } from './page.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const use = (spi: string, firstMs: number, lastMs: number) => ({
  ...{ from: 'node1', to: 'node2', src: '10.0.1.1', dst: '10.0.2.1', frames: 40 },
  ...{ spi, firstMs: START + firstMs, lastMs: START + lastMs },
});
const load = { id: 'load/1', source: 'a/b', destination: 'a/c', family: 'ipv4' as const, protocol: 'udp', longestGapMs: 90 };
const WINDOW: WindowReport = {
  startedMs: START,
  endedMs: START + 20_000,
  spis: [use('0x00000003', 0, 9000), use('0x00000004', 9100, 20_000)],
  loads: [{ ...load, sent: 100, answered: 98, lostAtMs: [START + 9050, START + 9080] }],
  clearFrames: 0,
};
const pageOf = (rotation: WindowReport) => writeHtml({ report: { ...sampleReport(), rotation } });

test('draws each SPI by direction and marks what was lost', () => {
  const page = pageOf(WINDOW);
  expect(page).toContain('node1 → node2: SPI 3 from 0.00 s to 9.00 s, then SPI 4 from 9.10 s to 20.00 s');
  expect(page.match(/class="loss"/g)).toHaveLength(2);
  expect(page).toContain('100 requests were sent while the change was made, 2 of them lost');
});

test('with TLS a rotation is one of certificates', () => {
  const report = { ...sampleReport(), rotation: WINDOW };
  const run = { ...report.run, scenario: 'rotation' as const };
  expect(writeHtml({ report: { ...report, run } })).toContain('>Key rotation under load<');
  expect(writeHtml({ report: { ...report, run, intent: { ...report.intent, mode: 'tls' } } })).toContain(
    '>Certificates renewed under load<',
  );
});

test('a window without a beginning is not drawn, and says so', () => {
  const page = pageOf({ ...WINDOW, startedMs: null });
  expect(page).toContain('it can’t be drawn');
  expect(page).not.toContain('class="window"');
});

test('nothing lost is said in words', () => {
  const page = pageOf({ ...WINDOW, loads: [{ ...load, sent: 100, answered: 100, lostAtMs: [] }] });
  expect(page).toContain('>none</text>');
  expect(page).not.toContain('class="loss"');
});

test('a report without a window has no such section', () => {
  expect(writeHtml({ report: sampleReport() })).not.toContain('id="window"');
});
