import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { chainLine, handoverLine, readChain } from '../../../reports/history/chain.ts';
import type { ChainedEntry } from '../../../reports/history/entry.ts';
import { HistoryError } from '../../../reports/history/history-error.ts';
import { summaryOf } from '../../../reports/history/summary-of.ts';
import { sampleKey } from '../../../reports/pack/testdata/sample-pack.ts';
import { oneLine } from '../../../reports/printable.ts';
import { sampleReport } from '../../../reports/testdata/sample-report.ts';
import type { Report } from '../../model/report.ts';
import { anyText } from '../../testing/any-text.ts';
import { appendHistory, handOverHistory } from './append-history.ts';
import { HISTORY_FILE, readHistory } from './history-file.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-history-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.XDG_STATE_HOME = join(root, 'state');
const key = sampleKey();
let folder: string;
let number = 0;
beforeEach(() => {
  folder = join(root, String(number++), 'deep');
});

function reportOf(day: number): Report {
  const report = sampleReport();
  const endedAt = { utc: new Date(Date.UTC(2026, 0, day)).toISOString(), monotonicMs: 0 };
  return { ...report, run: { ...report.run, id: `run-${day}`, endedAt } };
}
const append = (day: number, keepDays?: number) => appendHistory(folder, reportOf(day), key, { pack: null, keepDays });

test('each run goes behind the last, and the head is told', async () => {
  await append(1);
  expect(await append(2)).toMatch(/history\.ndjson, head [0-9a-f]{64}$/);
  expect((await readHistory(folder)).map(({ entry }) => entry.sequence)).toEqual([1, 2]);
  expect(readdirSync(folder)).toEqual([HISTORY_FILE]);
});

test('a run is there once', async () => {
  await append(1);
  expect(await append(1)).toContain('run run-1 is already in line 1; nothing was added');
  expect(await readHistory(folder)).toHaveLength(1);
});

test('nothing is added to a history that was changed', async () => {
  await append(1);
  await append(2);
  const path = join(folder, HISTORY_FILE);
  writeFileSync(path, readFileSync(path, 'utf8').replace('run-1', 'run-9'));
  const before = readFileSync(path);
  await expect(append(3)).rejects.toThrow('line 1 of the history');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual([HISTORY_FILE]);
});

test('lines older than the newest by more than the kept days give way to one that stands for them, again and again', async () => {
  for (const day of [1, 2, 10, 11]) await append(day);
  const head = (await readHistory(folder)).at(-1)!.digest;
  await append(12, 5);
  const kept = await readHistory(folder);
  expect(kept.map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : 'removed' in entry && entry.removed))).toEqual([
    2,
    'run-10',
    'run-11',
    'run-12',
  ]);
  expect(kept.some(({ digest }) => digest === head)).toBe(true);
  await append(16, 5);
  expect(
    (await readHistory(folder)).map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : 'removed' in entry && entry.removed)),
  ).toEqual([3, 'run-11', 'run-12', 'run-16']);
  await append(17, 5);
  expect(
    (await readHistory(folder)).map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : 'removed' in entry && entry.removed)),
  ).toEqual([4, 'run-12', 'run-16', 'run-17']);
  await append(60, 5);
  expect(
    (await readHistory(folder)).map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : 'removed' in entry && entry.removed)),
  ).toEqual([7, 'run-60']);
});

test('two writers at once are refused, not mixed', async () => {
  await append(1);
  writeFileSync(join(folder, `${HISTORY_FILE}.lock`), '');
  await expect(append(2)).rejects.toThrow('another run is writing');
  expect(readdirSync(folder).sort()).toEqual([HISTORY_FILE, `${HISTORY_FILE}.lock`]);
});

describe('attacks on a history', () => {
  const line = (day: number, last: ChainedEntry | null, signer = key, more: object = {}): string =>
    chainLine({ kind: 'run', summary: { ...summaryOf(reportOf(day), null), ...more } }, last, signer);
  const lay = (text: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, HISTORY_FILE), text);
  };

  test('nothing is signed on top of a stranger’s lines', async () => {
    const stranger = sampleKey();
    lay(line(1, null, stranger));
    const before = readFileSync(join(folder, HISTORY_FILE));
    await expect(append(2)).rejects.toThrow(`is signed by key ${stranger.keyId}, not by ${key.keyId}`);
    expect(readFileSync(join(folder, HISTORY_FILE)).equals(before)).toBe(true);
  });

  test('a stranger’s line behind ours is refused, and so is a handover that the new key did not agree to', async () => {
    await append(1);
    const stranger = sampleKey();
    const text = readFileSync(join(folder, HISTORY_FILE), 'utf8');
    const [last] = await readHistory(folder);
    lay(text + line(2, last!, stranger));
    await expect(readHistory(folder)).rejects.toThrow(`line 2 of the history: was signed by key ${stranger.keyId}; the line before it`);
    // A stranger makes lines and hands them over to us: our key never agreed.
    const theirs = line(1, null, stranger);
    const forged = handoverLine(readChain(theirs)[0]!, stranger, { ...stranger, publicPem: key.publicPem });
    lay(theirs + forged);
    await expect(append(2)).rejects.toThrow(`hands over to key ${key.keyId}, which did not agree to it`);
  });

  test('another key continues where the old one handed over to it, and only it', async () => {
    const next = sampleKey();
    await append(1);
    expect(await handOverHistory(folder, key, next)).toMatch(/head [0-9a-f]{64}$/);
    await expect(append(2)).rejects.toThrow(`is signed by key ${next.keyId}`);
    await appendHistory(folder, reportOf(2), next, { pack: null });
    expect((await readHistory(folder, new Set([key.keyId]))).map(({ keyId }) => keyId)).toEqual([key.keyId, key.keyId, next.keyId]);
    await expect(readHistory(folder, new Set([next.keyId]))).rejects.toThrow(
      `line 1 of the history: was signed by the unknown key ${key.keyId}`,
    );
    await expect(handOverHistory(join(root, 'nothing'), key, next)).rejects.toThrow('contains no history');
  });

  test('the history of another folder, and one that was shortened, are refused where they were written', async () => {
    await append(1);
    const other = readFileSync(join(folder, HISTORY_FILE), 'utf8');
    folder = join(root, String(number++));
    await append(2);
    await append(3);
    const own = readFileSync(join(folder, HISTORY_FILE), 'utf8');
    for (const text of [other, `${own.split('\n')[0]}\n`]) {
      lay(text);
      await expect(readHistory(folder)).rejects.toThrow(
        'which this machine wrote here, is not there: lines were removed, or this is the history of',
      );
      await expect(append(4)).rejects.toThrow('which this machine wrote here');
    }
    rmSync(join(folder, HISTORY_FILE));
    expect(await append(5)).toMatch(/; this is a new history: the earlier one, up to line 2 with digest [0-9a-f]{64}, is missing$/);
    expect((await readHistory(folder))[0]!.entry).toMatchObject({ insteadOf: readChain(own).at(-1)!.digest });
  });

  test.each<[string, string, object]>([
    ['verdict', 'compliant', { verdict: 'compliant' }],
    ['recordedAt', 'never', { recordedAt: 'never' }],
    ['run', 'a\nb', { run: 'a\nverified: yes\u009b' }],
    ['checks', '{}', { checks: { supports: 'many' } }],
    ['intent.mode', 'x', { intent: { mode: 'x' } }],
  ])('a signed line whose %s is %s is refused by its number', async (field, _value, more) => {
    lay(line(1, null, key, more));
    const error = await readHistory(folder).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'HistoryError', line: 1, message: expect.stringContaining(`can't be read: summary.${field}`) });
    expect((error as Error).message).toBe(oneLine((error as Error).message));
  });

  test('a deep or a long line is refused before it is built', async () => {
    lay(`${'['.repeat(60_000)}\n`);
    await expect(readHistory(folder)).rejects.toThrow("line 1 of the history: can't be read: is nested deeper than 16");
    lay(`"${'x'.repeat(1_000_001)}"\n`);
    await expect(readHistory(folder)).rejects.toThrow('line 1 of the history: has 1000003 characters, above the limit');
  });

  test('links and FIFOs in its places are not followed', async () => {
    await append(1);
    const victim = join(root, `victim-${number}`);
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(folder, `${HISTORY_FILE}.new`));
    await append(2);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(lstatSync(join(folder, HISTORY_FILE)).mode & 0o777).toBe(0o600);
    rmSync(join(folder, HISTORY_FILE));
    symlinkSync(victim, join(folder, HISTORY_FILE));
    await expect(append(3)).rejects.toThrow('the file is a link, not a file');
    rmSync(join(folder, HISTORY_FILE));
    spawnSync('mkfifo', [join(folder, HISTORY_FILE)]);
    await expect(append(3)).rejects.toThrow('the file is a FIFO, device or folder, not a file');
  });

  test('any text is read or refused as a history', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          fc.json().map((text) => `{"entry":${JSON.stringify(text)},"signature":""}\n`),
        ),
        (text) => {
          try {
            readChain(text);
          } catch (error) {
            expect(error).toBeInstanceOf(HistoryError);
          }
        },
      ),
    );
  });
});
