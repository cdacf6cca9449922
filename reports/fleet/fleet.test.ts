import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../history/entry.ts';
import { sharedKeys } from '../history/shared-keys.ts';
import { summaryOf } from '../history/summary-of.ts';
import { sampleReport } from '../testdata/sample-report.ts';
import { type FleetSource, fleetOf, fleetReason, fleetSentence } from './fleet.ts';
import { writeFleetHtml } from './html.ts';
import { writeFleetMetrics } from './openmetrics.ts';
import { writeFleetJson, writeFleetText } from './text.ts';

const base = summaryOf(sampleReport(), null);
const at = (hours: number): string => new Date(Date.UTC(2026, 0, 1, hours)).toISOString();
const NO_KEYS = sharedKeys([]);
const NOW = Date.UTC(2026, 0, 3);
const run = (cluster: string, hours: number, verdict: RunSummary['verdict'], more: Partial<RunSummary> = {}): RunSummary => ({
  ...base,
  ...{ cluster, run: `${cluster}-${hours}`, recordedAt: at(hours), verdict, fault: null, contradicting: [], inconclusive: [] },
  ...more,
});
const source = (cluster: string, ...runs: readonly RunSummary[]): FleetSource => ({ folder: `histories/${cluster}`, runs });

describe('the rows', () => {
  const rows = fleetOf(
    [
      source('good', run('good', 24, 'supports')),
      source('leaks', run('leaks', 24, 'supports'), run('leaks', 30, 'contradicts', { contradicting: ['WIR-01'] })),
      source('older', run('older', 2, 'supports')),
      source('open', run('open', 24, 'inconclusive', { inconclusive: ['PRE-05'], complete: false })),
      source('empty'),
      { folder: 'histories/changed', runs: [], refused: 'line 3 of the history: is not signed' },
    ],
    NOW,
  );

  test('are of the latest run of each cluster, the worst first and among equals the oldest', () => {
    expect(rows.map(({ cluster, verdict }) => `${cluster} ${verdict}`)).toEqual([
      ...['leaks contradicts', 'histories/changed contradicts', 'open inconclusive', 'histories/empty inconclusive'],
      ...['older supports', 'good supports'],
    ]);
    expect(fleetSentence(rows)).toBe('6 clusters, 6 claims: 2 contradicts, 2 inconclusive, 2 supports');
  });

  test('say what is red, when the claim was last supported, and why a history says nothing', () => {
    const of = (name: string) => rows.find(({ cluster }) => cluster.endsWith(name));
    expect(of('leaks')).toMatchObject({ lastSupport: at(24), runs: 2, ageHours: 18 });
    expect(rows.map(fleetReason)).toEqual([
      'contradicting WIR-01',
      'the history is refused: line 3 of the history: is not signed',
      'inconclusive PRE-05; the recording was interrupted',
      'the history has no run',
      '',
      '',
    ]);
  });

  test('a run with a fault on purpose is none, and claims of one cluster are rows of their own', () => {
    const other = { intent: { ...base.intent, mode: 'wireguard' as const } };
    const own = fleetOf(
      [source('a', run('a', 1, 'supports'), run('a', 2, 'contradicts', { fault: 'L07' }), run('a', 3, 'inconclusive', other))],
      NOW,
    );
    expect(own.map(({ mode, verdict }) => `${mode} ${verdict}`)).toEqual(['wireguard inconclusive', `${base.intent.mode} supports`]);
  });

  test('what supported and is overdue is inconclusive, what contradicted stays so', () => {
    const due = (hours: number) => fleetOf([source('a', run('a', 24, 'supports')), source('b', run('b', 24, 'contradicts'))], NOW, hours);
    expect(due(24).map(({ verdict }) => verdict)).toEqual(['contradicts', 'supports']);
    expect(due(10).map(({ cluster, verdict }) => `${cluster} ${verdict}`)).toEqual(['b contradicts', 'a inconclusive']);
    expect(due(10)[1]?.note).toBe('overdue: the latest run ended 24 h ago, one is due every 10 h');
  });
});

describe('the pages of 50 clusters', () => {
  const verdicts = ['supports', 'inconclusive', 'contradicts'] as const;
  const many = Array.from({ length: 50 }, (_, i) =>
    source(`cluster-${i}`, ...Array.from({ length: 5 }, (__, day) => run(`cluster-${i}`, day * 6, verdicts[(i + day) % 3] ?? 'supports'))),
  );
  const rows = fleetOf(many, NOW);

  test('every cluster is in every form, in the same order', () => {
    expect(rows).toHaveLength(50);
    const order = rows.map(({ name }) => name);
    const positions = (text: string) => order.map((name) => text.indexOf(name));
    for (const text of [writeFleetText(rows, NO_KEYS), writeFleetHtml(rows, NO_KEYS, at(48)), writeFleetJson(rows, NO_KEYS)]) {
      const found = positions(text);
      expect(found).not.toContain(-1);
    }
    const verdictsShown = [...writeFleetText(rows, NO_KEYS).matchAll(/^[✖?✔] (\w+)/gm)].map(([, word]) => word);
    expect(verdictsShown).toEqual(rows.map(({ verdict }) => verdict));
  });

  test('the metrics have one true state for each cluster and end as they must', () => {
    const text = writeFleetMetrics(rows);
    expect(text.match(/^wirewitness_fleet_verdict\{.*\} 1$/gm)).toHaveLength(50);
    expect(text.match(/^wirewitness_fleet_runs\{.*\} 5$/gm)).toHaveLength(50);
    expect(text.match(/^# TYPE /gm)).toHaveLength(4);
    expect(text.endsWith('# EOF\n')).toBe(true);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(new Set(lines.map((line) => line.replace(/ [^ ]+$/, ''))).size).toBe(lines.length);
  });

  test('names are text in a page, one line in a terminal and escaped in metrics', () => {
    const hostile = fleetOf([source('x', run('<script>"\n\u001b[31m', 1, 'supports'))], NOW);
    expect(writeFleetHtml(hostile, NO_KEYS, at(48))).not.toContain('<script>');
    expect(writeFleetText(hostile, NO_KEYS)).not.toContain('\u001b');
    expect(writeFleetMetrics(hostile)).toContain('cluster="<script>\\"\\n');
  });
});
