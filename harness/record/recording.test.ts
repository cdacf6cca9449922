import { spawnSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClusterDescription } from '../model/cluster.ts';
import { sampleIntent } from '../testing/two-nodes.ts';
import { openRecording } from './open-recording.ts';
import { RecordingWriter } from './recording-writer.ts';
import { RunClock } from './run-clock.ts';

const cluster: ClusterDescription = {
  name: 'lab',
  provider: 'lab',
  environmentClass: 'lab',
  nodes: [],
  pods: [],
  services: [],
  versions: {},
  capabilities: {},
};
const header = {
  runId: 'run-1',
  scenario: 'steady',
  fault: null,
  toolVersion: '0.1.0',
  intent: sampleIntent('ipsec', { profile: '1.16' }),
  cluster,
} as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirewitness-recording-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function complete(): Promise<void> {
  const writer = await RecordingWriter.create(folder, header, new RunClock());
  await writer.text('commands/a.txt', 'hello\n');
  writer.event('something', { n: 1 });
  await writer.finish();
}

describe('a recording', () => {
  test('is read back as it was written', async () => {
    await complete();
    const recording = await openRecording(folder);
    expect(await recording.text('commands/a.txt')).toBe('hello\n');
    expect((await recording.events()).map(({ event }) => event)).toEqual(['run-started', 'something', 'run-ended']);
    expect(recording.manifest.run.complete).toBe(true);
    expect(recording.manifest.files.map(({ path }) => path)).toEqual(['commands/a.txt', 'events.ndjson']);
  });

  test('with one flipped bit is refused, and the file is named', async () => {
    await complete();
    const path = join(folder, 'commands/a.txt');
    const bytes = await readFile(path);
    bytes[0]! ^= 1;
    await writeFile(path, bytes);
    await expect(openRecording(folder)).rejects.toThrow(/commands\/a\.txt: has SHA-256 .* it was changed/);
  });

  test('with a file removed or added is refused', async () => {
    await complete();
    await writeFile(join(folder, 'extra.txt'), '');
    await expect(openRecording(folder)).rejects.toThrow(/extra\.txt: is not named in the manifest/);
    await rm(join(folder, 'extra.txt'));
    await rm(join(folder, 'commands/a.txt'));
    await expect(openRecording(folder)).rejects.toThrow(/commands\/a\.txt: is named in the manifest but is not there/);
  });

  test('of another schema, or with a manifest that is not one, is refused', async () => {
    await complete();
    const path = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, schema: 2 }));
    await expect(openRecording(folder)).rejects.toThrow(/has schema 2; this version reads schema 1/);
    await writeFile(path, JSON.stringify({ ...manifest, intent: { ...manifest.intent, mode: 'magic' } }));
    await expect(openRecording(folder)).rejects.toThrow(/intent\.mode/);
    await writeFile(path, '{');
    await expect(openRecording(folder)).rejects.toThrow(/is not JSON/);
  });

  test('with a path outside its folder is refused', async () => {
    await complete();
    const path = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    manifest.files[0].path = '../../etc/passwd';
    await writeFile(path, JSON.stringify(manifest));
    await expect(openRecording(folder)).rejects.toThrow(/must stay inside the recording/);
  });

  test.each([0, 3, 7])(
    'whose manifest says that a file has %d bytes is refused: what it does not count would not be judged',
    async (bytes) => {
      await complete();
      const path = join(folder, 'manifest.json');
      const manifest = JSON.parse(await readFile(path, 'utf8')) as { files: { path: string; bytes: number }[] };
      for (const file of manifest.files) if (file.path === 'commands/a.txt') file.bytes = bytes;
      await writeFile(path, JSON.stringify(manifest));
      await expect(openRecording(folder)).rejects.toThrow(`commands/a.txt: has 6 bytes, the manifest says ${bytes}`);
    },
  );

  test('of a killed run is readable up to its last checkpoint and says that it is not complete', async () => {
    const writer = await RecordingWriter.create(folder, header, new RunClock());
    await writer.text('commands/a.txt', 'hello\n');
    await writer.checkpoint();
    await appendFile(join(folder, 'events.ndjson'), '{"at":{"utc":"20');
    await writeFile(join(folder, 'later.txt'), 'not checkpointed');
    const recording = await openRecording(folder);
    expect(recording.manifest.run).toMatchObject({ complete: false, note: 'the run was interrupted before it ended' });
    expect((await recording.events()).map(({ event }) => event)).toEqual(['run-started']);
    expect(() => recording.bytes('later.txt')).toThrow(/is not part of the recording/);
  });

  test('is never overwritten', async () => {
    await complete();
    await expect(RecordingWriter.create(folder, header, new RunClock())).rejects.toThrow(/the folder is not empty/);
  });
});

describe('a recording from another person', () => {
  const elsewhere = (): string => join(folder, '..', `${basename(folder)}-secret`);
  const edit = async (change: (manifest: { run: { id: string }; files: { path: string }[] }) => void): Promise<void> => {
    const path = join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    change(manifest);
    await writeFile(path, JSON.stringify(manifest));
  };

  test.each<[string, () => Promise<unknown>]>([
    ['file', () => symlink(elsewhere(), join(folder, 'commands', 'a.txt'))],
    ['folder', () => symlink(elsewhere(), join(folder, 'commands', 'more'))],
  ])('a link in place of a %s is not followed', async (_what, plant) => {
    await complete();
    await writeFile(elsewhere(), 'hello\n');
    await rm(join(folder, 'commands', 'a.txt'));
    await plant();
    await expect(openRecording(folder)).rejects.toThrow(/file commands\/\S+: is a link, not a file/);
    await rm(elsewhere());
  });

  test('a FIFO does not make a reader wait', async () => {
    await complete();
    await rm(join(folder, 'commands', 'a.txt'));
    spawnSync('mkfifo', [join(folder, 'commands', 'a.txt')]);
    await expect(openRecording(folder)).rejects.toThrow('file commands/a.txt: is a FIFO, socket or device, not a file');
  });

  test('a manifest that is a link or a FIFO is refused', async () => {
    await complete();
    const path = join(folder, 'manifest.json');
    await rename(path, elsewhere());
    await symlink(elsewhere(), path);
    await expect(openRecording(folder)).rejects.toThrow('file manifest.json: is a link, not a file');
    await rm(path);
    spawnSync('mkfifo', [path]);
    await expect(openRecording(folder)).rejects.toThrow('file manifest.json: is a FIFO, device or folder, not a file');
    await rm(elsewhere());
  });

  test.each(['../../etc', 'a/b', '', '.', '-x', 'a b', 'a\u001b[2J', 'x'.repeat(129)])('a run named %j is refused', async (id) => {
    await complete();
    await edit((manifest) => {
      manifest.run.id = id;
    });
    await expect(openRecording(folder)).rejects.toThrow(/file manifest\.json.*run\.id/);
  });

  test('a file that is named twice is refused', async () => {
    await complete();
    await edit(({ files }) => files.push(files[0]!));
    await expect(openRecording(folder)).rejects.toThrow('file commands/a.txt: is named twice in the manifest');
  });

  test('a manifest nested 40,000 deep is refused in one line', async () => {
    await writeFile(join(folder, 'manifest.json'), '['.repeat(40_000));
    await expect(openRecording(folder)).rejects.toThrow('file manifest.json: is not JSON: is nested deeper than 100, at character 100');
  });
});

test('only its owner may read a recording', async () => {
  const inside = join(folder, 'recording');
  const writer = await RecordingWriter.create(inside, header, new RunClock());
  await writer.text('commands/a.txt', 'hello\n');
  await writer.bring('captures/a.pcap', (place) => writeFile(place, '', { mode: 0o666 }));
  await writer.finish();
  const modes = await Promise.all(
    ['.', 'commands', 'captures', 'commands/a.txt', 'captures/a.pcap', 'events.ndjson', 'manifest.json'].map(async (path) =>
      ((await stat(join(inside, path))).mode & 0o777).toString(8),
    ),
  );
  expect(modes).toEqual(['700', '700', '700', '600', '600', '600', '600']);
});
