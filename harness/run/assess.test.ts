import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Report } from '../model/report.ts';
import { openRecording } from '../record/open-recording.ts';
import { memoryRecording, storeRecording } from '../testing/memory-recording.ts';
import { clearPing, espFrame } from '../testing/node-frames.ts';
import { buildRecording, flow } from '../testing/recording.ts';
import { assess, recordingFolderOf } from './assess.ts';
import { declaredControls } from './declared-controls.ts';
import { writeReports } from './write-reports.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-assess-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const CLEAR = 'ab'.repeat(16);
const SECRET = 'cd'.repeat(16);

/** IPsec between two nodes: the canary is seen in the un-encrypted phase, ESP alone in the encrypted one. */
const healthy = () =>
  buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] },
      { phase: 'encrypted', frames: [1, 2, 3, 4].flatMap((n) => [espFrame('out', n), espFrame('back', n)]) },
    ],
    traffic: [flow('clear', CLEAR), flow('encrypted', SECRET)],
  });

const verdictOf = (report: Report, id: string) => report.verdicts.find((v) => v.id === id)?.verdict;

describe('assess', () => {
  test('twice on one recording gives byte-equal reports, which state their limits', async () => {
    const run = join(root, 'twice');
    mkdirSync(join(run, 'recording'), { recursive: true });
    storeRecording(healthy(), join(run, 'recording'));
    expect(await recordingFolderOf(run)).toBe(join(run, 'recording'));
    const bytes = [];
    for (const out of ['a', 'b']) {
      const report = await assess(await openRecording(await recordingFolderOf(run)));
      await writeReports(report, join(run, out), await declaredControls());
      bytes.push(readdirSync(join(run, out)).map((name) => [name, readFileSync(join(run, out, name), 'utf8')]));
      expect(report.limits.length).toBeGreaterThan(0);
      expect(verdictOf(report, 'WIR-01')).toBe('supports');
    }
    expect(bytes[1]).toEqual(bytes[0]);
  });

  test('a capture cut in half is inconclusive, although its hash fits', async () => {
    const whole = healthy();
    const { file } = whole.manifest.captures[1]!;
    const content = Buffer.from(whole.files.get(file)!);
    const files = new Map(whole.files).set(file, content.subarray(0, content.length / 2));
    const folder = join(root, 'cut');
    storeRecording(memoryRecording(whole.manifest, files), folder);
    const report = await assess(await openRecording(folder));
    expect(verdictOf(report, 'WIR-01')).toBe('inconclusive');
    expect(report.verdict).toBe('inconclusive');
    expect(report.flows.filter((f) => f.treatment === 'encrypted').map((f) => f.verdict)).not.toContain('supports');
  });

  test('a run that did not complete never supports the claim', async () => {
    const whole = healthy();
    const run = { ...whole.manifest.run, complete: false, note: 'interrupted by SIGINT' };
    const folder = join(root, 'stopped');
    storeRecording(memoryRecording({ ...whole.manifest, run }, whole.files), folder);
    const report = await assess(await openRecording(folder));
    expect(report.verdict).toBe('inconclusive');
    expect(report.limits.join('\n')).toContain('interrupted by SIGINT');
  });
});
