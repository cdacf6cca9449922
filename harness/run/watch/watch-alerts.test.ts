import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CaptureRecord, JournalEvent } from '../../model/recording.ts';
import { memoryRecording, storeRecording } from '../../testing/memory-recording.ts';
import { clearPing } from '../../testing/node-frames.ts';
import { sampleIntent } from '../../testing/two-nodes.ts';
import { type TimedFrame, windowInstant, windowRecording } from '../../testing/window-recording.ts';
import { type TestHook, testHook } from './test-hook.ts';
import { WatchAlerts } from './watch-alerts.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-watch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A recording in progress, of which one part of a watch is on disk. */
function partOnDisk(name: string, sentinel: readonly TimedFrame[]): string {
  const { manifest, files } = windowRecording({ scenario: 'observe', sentinel, cipher: null });
  const captures = manifest.captures.map((record) => ({ ...record, part: 1 }));
  const folder = join(root, name);
  storeRecording(memoryRecording({ ...manifest, captures }, files), folder);
  return folder;
}

/** Readings ten seconds apart; the interface counted so many frames, and each filter took its share of ten. */
function readings(...counted: readonly number[]): JournalEvent[] {
  const place = { node: null, interface: 'br-lab' };
  const lines = counted.map((n, number): JournalEvent => {
    const line = `reading ${number} 0 ${10 * number} ${n} 0 ${number},${number},0 ${9 * number},${9 * number},0 ${n} 0`;
    return { at: windowInstant(10 * number), event: 'watch-reading', detail: { ...place, line } };
  });
  return [{ at: windowInstant(0), event: 'watch-counting', detail: { ...place, vantage: 'wire', argvs: [] } }, ...lines];
}

function alertsFor(
  folder: string,
  hook?: TestHook,
): { readonly alerts: WatchAlerts; readonly said: string[]; readonly metrics: () => string } {
  const said: string[] = [];
  const metrics = `${folder}.prom`;
  const options = { intent: sampleIntent('ipsec', {}), folder, metrics, progress: (line: string) => said.push(line) };
  return { alerts: new WatchAlerts({ ...options, url: hook?.url }), said, metrics: () => readFileSync(metrics, 'utf8') };
}

test('a watch without a finding tells nobody', async () => {
  await using hook = await testHook(204);
  const { alerts, said, metrics } = alertsFor(partOnDisk('quiet', []), hook);
  await alerts.take({ events: readings(0, 10, 20), keptBytes: 24, parts: true, growing: [] });
  expect(metrics()).toContain('wirewitness_watch_minutes_open{mode="ipsec"');
  expect(metrics()).toMatch(/wirewitness_watch_minutes\{.*\} 2\n/);
  expect(metrics()).toMatch(/wirewitness_watch_frames\{.*as="ciphertext"\} 18\n/);
  expect([said, hook.bodies]).toEqual([[], []]);
});

test('the first readable frame and the first open minute are told once each', async () => {
  await using hook = await testHook(204);
  const leak = [{ at: 10, bytes: clearPing(8, 'ab'.repeat(16)) }];
  const { alerts, said, metrics } = alertsFor(partOnDisk('leak', leak), hook);
  await alerts.take({ events: readings(0, 10), keptBytes: 24, parts: true, growing: [] });
  await alerts.take({ events: readings(0, 10, 21), keptBytes: 24, parts: false, growing: [] });
  await alerts.take({ events: readings(0, 10, 21, 31), keptBytes: 24, parts: true, growing: [] });
  expect(hook.bodies.map((body) => JSON.parse(body.slice('POST '.length)))).toEqual([
    expect.objectContaining({ alert: 'readable-frames', mode: 'ipsec', count: 1 }),
    expect.objectContaining({ alert: 'minute-not-reconciled', count: 1 }),
  ]);
  expect(said).toHaveLength(2);
  expect(metrics()).toMatch(/wirewitness_watch_verdict\{.*="contradicts"\} 1\n/);
});

test('a readable frame is told before its capture has ended, and counted once', async () => {
  await using hook = await testHook(204);
  const { manifest, files } = windowRecording({
    scenario: 'observe',
    sentinel: [{ at: 10, bytes: clearPing(8, 'ab'.repeat(16)) }],
    cipher: null,
  });
  const [record] = manifest.captures.map((capture): CaptureRecord => ({ ...capture, part: 1 }));
  if (record === undefined) throw new Error('the recording has no capture');
  const folder = join(root, 'growing');
  const before = new Map([...files].filter(([path]) => path !== record.file));
  storeRecording(memoryRecording({ ...manifest, captures: [] }, before), folder);
  const copy = `${folder}.copy`;
  const whole = Buffer.from(files.get(record.file) ?? '');
  const { alerts, metrics } = alertsFor(folder, hook);
  const look = async (bytes: Uint8Array) => {
    writeFileSync(copy, bytes);
    await alerts.take({ events: readings(0, 10), keptBytes: 0, parts: false, growing: [{ record, copy }] });
  };
  // The header alone, then a copy that ends inside of the last frame.
  await look(whole.subarray(0, 24));
  expect(hook.bodies).toEqual([]);
  await look(whole.subarray(0, whole.length - 5));
  expect(hook.bodies.map((body) => JSON.parse(body.slice('POST '.length)))).toEqual([
    expect.objectContaining({ alert: 'readable-frames', count: 1 }),
  ]);
  rmSync(folder, { recursive: true });
  storeRecording(memoryRecording({ ...manifest, captures: [record] }, files), folder);
  await alerts.take({ events: readings(0, 10), keptBytes: 24, parts: true, growing: [] });
  // A look that was made before the end and is told after it.
  await look(whole);
  expect(hook.bodies).toHaveLength(1);
  expect(metrics()).toMatch(/wirewitness_watch_clear_frames\{.*\} 1\n/);
});

test('a webhook that fails is a warning without its address', async () => {
  await using hook = await testHook(500);
  const { alerts, said } = alertsFor(partOnDisk('warned', []), hook);
  await alerts.take({ events: readings(0, 11), keptBytes: 24, parts: false, growing: [] });
  expect(said.at(-1)).toBe('warning: --alert-url: the webhook was not told: it answered with 500');
});
