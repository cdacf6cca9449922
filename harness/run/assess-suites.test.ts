import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { catalogue } from '../judge/catalogue.ts';
import { judge } from '../judge/judge.ts';
import { openRecording } from '../record/open-recording.ts';
import { storeRecording } from '../testing/store-recording.ts';
import { clearPing, flow, syntheticRecording } from '../testing/synthetic-recording.ts';
import { runSuites } from './assess-suites.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-suites-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CLEAR = 'ab'.repeat(16);
const SECRET = 'cd'.repeat(16);

describe('runSuites', () => {
  test('gives the judge’s verdict of every check, leaves the exit code alone, and fails closed on a recording that is refused', async () => {
    const recording = syntheticRecording({
      captures: [
        { phase: 'clear', frames: [clearPing(8, CLEAR)] },
        { phase: 'encrypted', frames: [clearPing(8, SECRET)] },
      ],
      traffic: [flow('clear', CLEAR), flow('encrypted', SECRET)],
    });
    storeRecording(recording, folder);
    const before = process.exitCode;
    const verdicts = await runSuites(folder);
    expect(process.exitCode).toBe(before);
    expect(verdicts.map((v) => v.id)).toEqual(catalogue.map((c) => c.id));
    expect(verdicts).toEqual((await judge(await openRecording(folder))).verdicts);
    expect(verdicts.find((v) => v.id === 'WIR-01')?.verdict).toBe('contradicts');

    rmSync(join(folder, 'manifest.json'));
    const refused = await runSuites(folder);
    expect(new Set(refused.map((v) => v.verdict))).toEqual(new Set(['inconclusive']));
    expect(refused[0]?.reason).toMatch(/manifest\.json/);
  }, 60_000);
});
