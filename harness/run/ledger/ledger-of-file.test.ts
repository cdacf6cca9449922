import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inChunks, pcapFile } from '../../testing/capture-file.ts';
import { espPacket, ethernetFrame, ipv4Packet, noise, tcpSegment, udpDatagram, wireguardData } from '../../testing/packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../testing/two-nodes.ts';
import { type CaptureCuts, captureCuts } from './capture-cuts.ts';
import { joinParts, ledgerOfFile, ledgerOfStream, partThreads } from './ledger-of-file.ts';
import type { PartTask } from './part-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-parts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PART = 16_384;
const datagram = udpDatagram(51871, 51871, wireguardData(1, noise(1600), 1));

/** Frames of several kinds; one of 500 is a fragment, whose first one comes 250 frames earlier. */
function frame(n: number): Buffer {
  if (n % 500 === 250) return ethernetFrame(ipv4Packet(NODE1, NODE2, 17, datagram.subarray(0, 800), { id: n, fragment: 0x2000 }));
  if (n % 500 === 499) return ethernetFrame(ipv4Packet(NODE1, NODE2, 17, datagram.subarray(800), { id: n - 249, fragment: 100 }));
  if (n % 3 === 0) return ethernetFrame(ipv4Packet(NODE1, NODE2, 50, espPacket(3 + (n % 7), n >> 1, noise(64, n))));
  if (n % 3 === 1) return ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, wireguardData(n, noise(64, n), 7))));
  return ethernetFrame(ipv4Packet(POD1, POD2, 6, tcpSegment(40_000 + (n % 50), 80, n, Buffer.from(`GET /${n} HTTP/1.1\r\n`))));
}

const capture = pcapFile(Array.from({ length: 20_000 }, (_, n) => frame(n)));

function stored(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** What three threads make of it, and how many parts they were given. */
async function byThreads(path: string, cuts: CaptureCuts): Promise<{ readonly outcome: Promise<unknown>; readonly given: number }> {
  await using pool = partThreads(path, cuts, 2);
  // Threads that are there already get most of the parts.
  await Promise.all([pool.run(null), pool.run(null)]);
  let given = 0;
  const run = (task: PartTask) => {
    // They have answered already: which parts they are given does not depend on how fast they answer again.
    if (task === null) return Promise.resolve(null);
    given++;
    return pool.run(task);
  };
  const outcome = joinParts(path, cuts, { run }, { threads: 3, worthSeconds: 0 });
  await outcome.catch(() => {});
  return { outcome, given };
}

test('threads give the ledger that one thread gives', async () => {
  const path = stored('whole.pcap', capture);
  const cuts = captureCuts(path, PART)!;
  expect(cuts.borders.length).toBeGreaterThan(100);
  const { outcome, given } = await byThreads(path, cuts);
  expect(given).toBeGreaterThan(cuts.borders.length / 2);
  const alone = await ledgerOfStream(inChunks(capture, 4096), path);
  expect(alone.ledger).toMatchObject({ frames: 20_000, classes: { esp: {}, wireguard: {}, clear: {} } });
  expect(await outcome).toEqual(alone);
  expect(await ledgerOfFile(path, 2)).toEqual(alone);
});

test.each([
  ['cut inside a record', capture.subarray(0, capture.length - 11)],
  [
    'with a damaged record',
    (() => {
      const bytes = Buffer.from(capture);
      bytes.fill(0xff, 24 + 8, 24 + 12);
      // The head stays: the damage is in the middle.
      return Buffer.concat([capture.subarray(0, capture.length - (capture.length >> 1)), bytes.subarray(24)]);
    })(),
  ],
])('a capture %s', async (name, bytes) => {
  const path = stored(`${name}.pcap`, bytes);
  const { outcome } = await byThreads(path, captureCuts(path, PART)!);
  const alone = ledgerOfStream(inChunks(bytes, 4096), path);
  const [one, other] = await Promise.allSettled([outcome, alone]);
  expect(one).toEqual(other);
});

test('a file that is small, or no capture, is not cut', () => {
  expect(captureCuts(stored('small.pcap', capture.subarray(0, 15 * PART)), PART)).toBeNull();
  expect(captureCuts(stored('noise', noise(17 * PART)), PART)).toBeNull();
});

test('a file that is not there is the system’s error', async () => {
  await expect(ledgerOfFile(join(folder, 'none.pcap'), 2)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'stat' });
});

test('threads are not started where one is done as soon', async () => {
  const path = stored('short.pcap', capture);
  const run = () => Promise.reject(new Error('a thread was started'));
  const { ledger } = await joinParts(path, captureCuts(path, PART)!, { run }, { threads: 2, worthSeconds: 3600 });
  expect(ledger.frames).toBe(20_000);
});

test('threads that cannot start are an error, also where the file was read without them', async () => {
  const path = stored('no-threads.pcap', capture);
  const run = () => Promise.reject(new Error('no thread could be started'));
  await expect(joinParts(path, captureCuts(path, PART)!, { run }, { threads: 2, worthSeconds: 0 })).rejects.toThrow(
    'no thread could be started',
  );
});
