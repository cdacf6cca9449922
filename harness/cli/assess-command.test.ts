import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { storeRecording } from '../testing/memory-recording.ts';
import { buildRecording } from '../testing/recording.ts';
import { assessCommand } from './assess-command.ts';
import { packCommand } from './pack-command.ts';
import { reportCommand } from './report-command.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-inside-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const recording = join(root, 'run', 'recording');
const link = join(root, 'link');
const everyFile = (): string[] => readdirSync(recording, { recursive: true }).map(String).sort();
let before: string[];
beforeAll(() => {
  mkdirSync(recording, { recursive: true });
  storeRecording(buildRecording({ captures: [], traffic: [] }), recording);
  symlinkSync(recording, link);
  before = everyFile();
});

test.each<[string, () => Promise<number>]>([
  ['assess of the recording itself, with no other place named', () => assessCommand(recording, {})],
  ['assess --out', () => assessCommand(join(root, 'run'), { out: join(recording, 'reports') })],
  ['assess --out through a link', () => assessCommand(join(root, 'run'), { out: link })],
  ['assess --history', () => assessCommand(join(root, 'run'), { out: join(root, 'out'), history: join(recording, 'history') })],
  ['assess --key', () => assessCommand(join(root, 'run'), { history: join(root, 'history'), key: join(recording, 'key.pem') })],
  ['pack --key', () => packCommand(join(root, 'run'), { key: join(link, 'key.pem') })],
  ['report --out', () => reportCommand(join(root, 'run'), { format: 'html', out: join(recording, 'report.html') })],
])('%s never writes into the recording', async (_name, command) => {
  await expect(command()).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('is inside the recording') });
  expect(everyFile()).toEqual(before);
});
