import { deepStrictEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { type Judgement, judge } from '../../judge/judge.ts';
import { type Recording, SECRET_MARKS } from '../../model/recording.ts';
import { openRecording } from '../../record/open-recording.ts';
import { storeRecording } from '../../testing/memory-recording.ts';
import { clearPing, espFrame, initiationFrame, wireguardFrame } from '../../testing/node-frames.ts';
import { buildRecording, flow } from '../../testing/recording.ts';
import { assess } from '../assess.ts';
import { controlRecord } from '../control-record.ts';
import { withReaders } from './judge-in-threads.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-threads-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const judged = (recording: Recording, threads: number): Promise<Judgement> =>
  withReaders(recording, { threads }, (readers) => judge(recording, catalogue, controlRecord, readers));

const MiB = 1024 * 1024;
const SHAPE = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');

/** A file with the shape of a key at each of the places. Its other bytes are no text, which is searched faster. */
function fileWith(size: number, ...places: readonly number[]): Buffer {
  const bytes = Buffer.alloc(size, 0x80);
  for (const place of places) bytes.write(SHAPE, place);
  return bytes;
}

const PART = 4 * MiB;
/** In one part, in the overlap of two, over the border of two, at the end. */
const PLACES = [500, PART - 10_000, 2 * PART - 10, 9 * MiB - SHAPE.length];

/** Captures and files of every kind that is read in a way of its own. */
function mixed(largeFiles = true) {
  const ciphertext = [1, 2, 3, 4].flatMap((n) => [espFrame('out', n), espFrame('back', n)]);
  const phase = 'encrypted';
  const made = buildRecording({
    captures: [
      { phase: 'clear', frames: [clearPing(8, 'ab'.repeat(16)), clearPing(0, 'ab'.repeat(16))] },
      { phase, frames: [...ciphertext, clearPing(8, 'cd'.repeat(16)), espFrame('out', 2)] },
      { phase, frames: ciphertext, record: { vantage: 'nic', node: 'node1', interface: 'eth0' } },
      { phase, frames: ciphertext, record: { vantage: 'nic', node: 'node1', interface: 'eth0' } },
      { phase, frames: ciphertext, record: { vantage: 'nic', node: 'node2', interface: 'eth0' }, cut: 100 },
      { phase, frames: [], record: { interface: 'br1' }, content: Buffer.from('no capture') },
      { phase: 'window', frames: [initiationFrame(Buffer.alloc(32, 2).toString('base64')), wireguardFrame('out', 0), ...ciphertext] },
    ],
    traffic: [flow('clear', 'ab'.repeat(16)), flow('encrypted', 'cd'.repeat(16))],
    files: { 'empty.txt': '', [SECRET_MARKS]: 'no marks' },
  });
  const files = new Map(made.files).set('same.txt', fileWith(5000, 100)).set('same-again.txt', fileWith(5000, 100));
  if (!largeFiles) return { ...made, files };
  const tooLarge = Buffer.from(` ${gzipSync(Buffer.alloc(17 * MiB)).toString('base64')} `);
  files.set('large.bin', fileWith(9 * MiB, ...PLACES)).set('goes-away.bin', fileWith(5 * MiB, 100));
  files.set('unpacks-to-much.bin', tooLarge).set('unpacks-to-much-again.bin', tooLarge);
  files.set('unpacks-to-much-in-a-part.bin', Buffer.concat([fileWith(5 * MiB, 100), tooLarge]));
  files.set('packed.gz', gzipSync(fileWith(5 * MiB, 3 * MiB), { level: 0 }));
  return { ...made, files };
}

test('a recording that is read in threads gives the judgement that one process gives', async () => {
  const folder = join(root, 'mixed');
  storeRecording(mixed(), folder);
  const recording = await openRecording(folder);
  rmSync(join(folder, 'goes-away.bin'));
  const alone = await judged(recording, 1);
  deepStrictEqual(await judged(recording, 3), alone);

  const { wire, evidence } = alone.facts;
  const read = wire.captures.map(({ ledger, gaps }) => [ledger === null, gaps.length > 0]);
  expect(read).toHaveLength(6);
  expect(read).toEqual(
    expect.arrayContaining([
      [false, false],
      [false, true],
      [true, true],
    ]),
  );
  expect(evidence.gaps.map((gap) => gap.split(' ')[0]).toSorted()).toEqual(
    [SECRET_MARKS, 'goes-away.bin', 'unpacks-to-much-again.bin', 'unpacks-to-much-in-a-part.bin', 'unpacks-to-much.bin'].toSorted(),
  );
  const places = (name: string) => evidence.secrets.flatMap(({ path, offset }) => (path === name ? [offset] : []));
  expect(places('large.bin')).toEqual(PLACES);
  expect(places('same-again.txt')).toEqual([100]);
  expect(new Set(places('packed.gz'))).toContain(3 * MiB);
  expect(evidence.bytes).toBeGreaterThan(14 * MiB);
});

test('reports are the same byte for byte, also from a recording that nobody kept in a folder', async () => {
  const folder = join(root, 'reports');
  const made = mixed(false);
  storeRecording(made, folder);
  const [one, two, memory] = [await openRecording(folder), await openRecording(folder), made];
  const text = async (recording: Recording, threads: number) => JSON.stringify(await assess(recording, [], { threads }));
  expect(await text(two, 2)).toBe(await text(one, 1));
  expect(await text(memory, 2)).toBe(await text(memory, 1));
});

test('an interruption ends the threads, and with them the judging', async () => {
  const folder = join(root, 'interrupted');
  storeRecording(mixed(false), folder);
  const recording = await openRecording(folder);
  const stop = new AbortController();
  const judging = assess(recording, [], { threads: 2, signal: stop.signal });
  const resources = () => process.getActiveResourcesInfo();
  await expect.poll(resources, { interval: 5 }).toContain('MessagePort');
  stop.abort(new Error('interrupted by SIGINT'));
  await expect(judging).rejects.toThrow('interrupted by SIGINT');
  expect(resources()).not.toContain('MessagePort');
});

test('an interruption during the search is no gap of the recording', async () => {
  const folder = join(root, 'interrupted-search');
  storeRecording(mixed(false), folder);
  const recording = await openRecording(folder);
  const stop = new AbortController();
  const searching = withReaders(recording, { threads: 2, signal: stop.signal }, (readers) => {
    const found = readers.evidence!(recording);
    stop.abort(new Error('interrupted by SIGINT'));
    return found;
  });
  await expect(searching).rejects.toThrow('interrupted by SIGINT');
});
