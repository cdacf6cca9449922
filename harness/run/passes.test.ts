import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { openRecording } from '../record/open-recording.ts';
import { storeRecording } from '../testing/memory-recording.ts';
import { clearPing, espFrame } from '../testing/node-frames.ts';
import { buildRecording, flow } from '../testing/recording.ts';
import { assess } from './assess.ts';
import { declaredControls } from './declared-controls.ts';
import { reportsWriter } from './reports-writer.ts';

/** What was read of a recording, each time under its kind. */
const passes = vi.hoisted(() => ({ hashed: [] as string[], dissected: [] as string[], searched: 0 }));

vi.mock(import('../record/file-hash.ts'), async (original) => {
  const { hashFile } = await original();
  return {
    hashFile: (path, seen) => {
      passes.hashed.push(path);
      return hashFile(path, seen);
    },
  };
});

vi.mock(import('../decode/wire/capture.ts'), async (original) => {
  const real = await original();
  class CountedParser extends real.CaptureParser {
    constructor(...input: ConstructorParameters<typeof real.CaptureParser>) {
      super(...input);
      passes.dissected.push(input[0]);
    }
  }
  return { ...real, CaptureParser: CountedParser };
});

vi.mock(import('../decode/secrets/scan-file.ts'), async (original) => {
  const real = await original();
  return {
    ...real,
    scanFile: (source, knowledge) => {
      passes.searched++;
      return real.scanFile(source, knowledge);
    },
  };
});

const CLEAR = 'ab'.repeat(16);
const root = mkdtempSync(join(tmpdir(), 'wirewitness-passes-'));
const folder = join(root, 'recording');
afterAll(() => rmSync(root, { recursive: true, force: true }));

storeRecording(
  buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] },
      { phase: 'encrypted', frames: [1, 2, 3, 4].flatMap((n) => [espFrame('out', n), espFrame('back', n)]) },
    ],
    traffic: [flow('clear', CLEAR), flow('encrypted', 'cd'.repeat(16))],
  }),
  folder,
);

async function assessAndWrite(): Promise<{ files: readonly { path: string; sha256: string }[]; captures: readonly string[] }> {
  const recording = await openRecording(folder);
  const { files, captures } = recording.manifest;
  await reportsWriter(await declaredControls())(await assess(recording), join(root, 'reports'), recording);
  return { files, captures: captures.map(({ file }) => file) };
}

// The control of the search for secrets is the same for every recording, and is made once.
await assessAndWrite();

beforeEach(() => {
  passes.hashed.length = 0;
  passes.dissected.length = 0;
  passes.searched = 0;
});

test('assess hashes each file once, dissects each capture once, and searches each content once', async () => {
  const { files, captures } = await assessAndWrite();
  expect([...passes.hashed].sort()).toEqual(files.map(({ path }) => join(folder, path)).sort());
  expect([...passes.dissected].sort()).toEqual([...captures].sort());
  // The manifest is no file of its own list.
  expect(passes.searched).toBe(new Set(files.map(({ sha256 }) => sha256)).size + 1);
});
