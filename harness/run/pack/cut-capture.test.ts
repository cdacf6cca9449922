import { createReadStream, existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import { CanarySearch, canaryIndex } from '../../judge/ledger/canary.ts';
import { accountFor, examineCapture } from '../../judge/ledger/ledger.ts';
import { hiddenPacket, readableContent } from '../../judge/wire/hidden-packet.ts';
import { podSpace } from '../../judge/wire/pod-space.ts';
import { pcapFile } from '../../testing/capture-file.ts';
import { beacon, clearPing, espFrame, espInVxlan, wireguardFrame } from '../../testing/node-frames.ts';
import { espPacket, ethernetFrame, ipv4Packet, noise, udpDatagram, wireguardData, wireguardInitiation } from '../../testing/packets.ts';
import { buildRecording, flow } from '../../testing/recording.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../testing/two-nodes.ts';
import { captureTokens } from './capture-tokens.ts';
import { CaptureCutter } from './cut-capture.ts';

const CANARY = 'ab12'.repeat(8);
const SECRET = Buffer.from('card=4111-1111-1111-1111&password=hunter2');
const { manifest } = buildRecording({ captures: [{ phase: 'clear', frames: [] }], traffic: [flow('clear', CANARY)] });
const tokens = captureTokens(manifest);
const space = podSpace(manifest.cluster);

const stream = (bytes: Uint8Array, size = 1 << 16) =>
  (async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  })();

async function cut(source: AsyncIterable<Uint8Array>, publicKeys: readonly string[] = []) {
  const cutter = new CaptureCutter('test.pcap', tokens, space, publicKeys);
  const chunks: Uint8Array[] = [];
  for await (const chunk of cutter.cut(source)) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), result: cutter.result };
}

const clear = (payload: Uint8Array): Buffer => ethernetFrame(ipv4Packet(POD1, POD2, 17, udpDatagram(40000, 5000, payload)));

describe('a frame keeps what a header says', () => {
  test('and loses application data, but for the tokens of the run', async () => {
    const payload = Buffer.concat([SECRET, Buffer.from(CANARY), SECRET]);
    const file = pcapFile([clear(payload), clearPing(8, CANARY), beacon('start'), beacon('end')]);
    const { bytes, result } = await cut(stream(file));
    expect(bytes).toHaveLength(file.length);
    expect(bytes.includes('hunter2')).toBe(false);
    expect(bytes.includes(CANARY)).toBe(true);
    expect(bytes.includes(Buffer.from(CANARY, 'hex'))).toBe(true);
    expect(bytes.includes(`wirewitness-beacon:${'11'.repeat(16)}`)).toBe(true);
    expect(bytes.includes(`wirewitness-beacon:${'22'.repeat(16)}`)).toBe(true);
    expect(result).toEqual({ frames: 4, cut: 1, bytesOverwritten: 2 * SECRET.length, changed: 0 });
  });

  test('a token of another run is application data', async () => {
    const { bytes } = await cut(stream(pcapFile([clear(Buffer.from('77'.repeat(16)))])));
    expect(bytes.includes('7777')).toBe(false);
  });

  test('ESP keeps SPI, sequence number and IV, and two ciphertexts still differ', async () => {
    const esp = (seed: number): Buffer => espPacket(3, 7, noise(72, seed));
    const frame = (seed: number): Buffer => ethernetFrame(ipv4Packet(NODE1, NODE2, 50, esp(seed)));
    const { bytes } = await cut(stream(pcapFile([frame(7), frame(8)])));
    const first = bytes.subarray(24 + 16 + 34, 24 + 16 + 34 + 80);
    const second = bytes.subarray(24 + 2 * 16 + 114 + 34, 24 + 2 * 16 + 114 + 114);
    expect(first.subarray(0, 24).equals(esp(7).subarray(0, 24))).toBe(true);
    expect(first.includes(esp(7).subarray(24, 32))).toBe(false);
    expect(first.equals(second)).toBe(false);
  });

  test('WireGuard keeps handshakes whole and the head of data messages', async () => {
    const key = Buffer.alloc(32, 9).toString('base64');
    const data = wireguardData(5, 64);
    const frames = [wireguardInitiation(key), data].map((m) => ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, m))));
    const { bytes, result } = await cut(stream(pcapFile(frames)), [key]);
    expect(bytes.includes(wireguardInitiation(key))).toBe(true);
    expect(bytes.includes(data.subarray(0, 16))).toBe(true);
    expect(bytes.includes(data.subarray(16, 32))).toBe(false);
    expect(result).toMatchObject({ frames: 2, cut: 1, changed: 0 });
  });

  test('a message in the shape of a handshake that was made for no key of the run loses all but its head', async () => {
    const key = Buffer.alloc(32, 9).toString('base64');
    const text = wireguardInitiation(key);
    text.set(SECRET, 40);
    const frame = ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, text)));
    const { bytes } = await cut(stream(pcapFile([frame])), [key]);
    expect(bytes.includes('hunter2')).toBe(false);
    expect(bytes.includes(text.subarray(0, 8))).toBe(true);
  });

  test('what follows a control message or a handshake is no header', async () => {
    const key = Buffer.alloc(32, 9).toString('base64');
    const handshake = ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, wireguardInitiation(key))));
    const arp = Buffer.from(`ffffffffffff020000000001080600010800060400010200000000010a0000010000000000000a000002`, 'hex');
    const solicitation = Buffer.concat([Buffer.from('87000000000000', 'hex'), Buffer.alloc(17), Buffer.from('0101020000000001', 'hex')]);
    const ip6 = Buffer.concat([
      Buffer.from('60000000', 'hex'),
      Buffer.from([0, solicitation.length, 58, 255]),
      Buffer.alloc(31),
      Buffer.from([1]),
      solicitation,
    ]);
    const discovery = Buffer.concat([Buffer.from('33330000000102000000000186dd', 'hex'), ip6]);
    // As much as a link pads a short frame with.
    const trailer = SECRET.subarray(-16);
    for (const whole of [handshake, arp, discovery]) {
      const { bytes, result } = await cut(stream(pcapFile([Buffer.concat([whole, trailer])])), [key]);
      expect(bytes.includes('hunter2')).toBe(false);
      expect(bytes.includes(whole)).toBe(true);
      expect(result).toMatchObject({ cut: 1, bytesOverwritten: trailer.length });
    }
  });

  test('bytes behind the IP packet are no header', async () => {
    const frame = Buffer.concat([clear(Buffer.from('x')), Buffer.from('leftovers of the kernel')]);
    expect((await cut(stream(pcapFile([frame])))).bytes.includes('leftovers')).toBe(false);
  });
});

describe('what the judge finds by search is found after the cut', () => {
  const hidden = ipv4Packet(POD1, POD2, 17, udpDatagram(40000, 5000, SECRET));
  const ofNodes = (protocol: number, payload: Uint8Array): Buffer => ethernetFrame(ipv4Packet(NODE1, NODE2, protocol, payload));
  const found = async (bytes: Uint8Array): Promise<(string | null)[]> => {
    const ends: (string | null)[] = [];
    await examineCapture(stream(bytes), {}, (frame) => {
      const finding = frame.class === 'esp' ? readableContent(frame, space) : hiddenPacket(frame, space);
      ends.push(finding === null ? null : `${finding.readBy} ${finding.at} ${finding.ends?.src}:${finding.ends?.sport}`);
    });
    return ends;
  };

  test.each([
    ['a packet at an odd offset', ofNodes(17, udpDatagram(7000, 7000, Buffer.concat([SECRET.subarray(0, 37), hidden])))],
    ['a packet in a TCP segment', ofNodes(6, Buffer.concat([Buffer.from('9c401f9000000001000000015018ffff00000000', 'hex'), hidden]))],
    ['a packet in an EtherType that nobody reads', ethernetFrame(Buffer.concat([SECRET.subarray(0, 3), hidden]), 0x9123)],
    [
      'a packet behind a header of ESP',
      ofNodes(50, Buffer.concat([espPacket(3, 7, 8), Buffer.alloc(8, 7), espPacket(3, 8, 56).subarray(16), hidden]).subarray(0, 156)),
    ],
    ['text behind ciphertext', ofNodes(50, Buffer.concat([espPacket(3, 7, 72), SECRET, SECRET.subarray(1)]).subarray(0, 144))],
  ] as const)('%s', async (_, frame) => {
    const file = pcapFile([frame]);
    const { bytes } = await cut(stream(file));
    const [before] = await found(file);
    expect(before).not.toBeNull();
    expect((await found(bytes))[0]?.split(' ')[0]).toBe(before?.split(' ')[0]);
    expect(bytes.includes('hunter2')).toBe(false);
  });
});

test('the account of a capture is the same before and after, in whatever pieces it comes', async () => {
  const frame = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 200 }).map(clear),
    fc.integer({ min: 1, max: 500 }).map((n) => espFrame(n % 2 === 0 ? 'out' : 'back', n)),
    fc.integer({ min: 1, max: 500 }).map((n) => espInVxlan('out', n)),
    fc.integer({ min: 1, max: 500 }).map((n) => wireguardFrame('out', n)),
    fc.constant(clearPing(8, CANARY)),
    fc.constant(clearPing(0, 'cd'.repeat(16))),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 30 }), fc.integer({ min: 7, max: 5000 }), fc.nat(20), async (frames, size, lost) => {
      const whole = pcapFile(frames);
      const file = whole.subarray(0, whole.length - Math.min(lost, whole.length - 24));
      const { bytes, result } = await cut(stream(file, size));
      expect(result.changed).toBe(0);
      const [before, after] = [await accountFor(stream(file)), await accountFor(stream(bytes))];
      expect(after).toEqual(before);
    }),
    { numRuns: 150 },
  );
});

test('a capture that ended inside a record does so afterwards: damage is not fixed', async () => {
  const file = pcapFile([espFrame('out', 1), espFrame('out', 2)]);
  const { bytes } = await cut(stream(file.subarray(0, file.length - 3)));
  expect((await accountFor(stream(bytes))).truncatedTail).toBe(true);
});

test('what is no capture is refused', async () => {
  await expect(cut(stream(Buffer.from('not a capture at all, certainly not')))).rejects.toThrow(CaptureFormatError);
  await expect(cut(stream(Buffer.alloc(0)))).rejects.toThrow(CaptureFormatError);
});

const captures = globSync(fileURLToPath(new URL('../../../../shared/fixtures/**/*.{pcap,pcapng}', import.meta.url))).filter((path) =>
  existsSync(path),
);

describe.skipIf(captures.length === 0)('real captures (needs shared/fixtures beside the project)', () => {
  test.each(captures.map((path) => [path.split('/fixtures/')[1]!, path] as const))(
    '%s: same account, no payload of a clear frame',
    async (_name, path) => {
      const open = () => createReadStream(path) as AsyncIterable<Uint8Array>;
      const before = await accountFor(open()).catch((error: Error) => error);
      if (before instanceof Error) {
        await expect(cut(open())).rejects.toThrow();
        return;
      }
      const { bytes, result } = await cut(open());
      const { format: _, ...rest } = before;
      expect(await accountFor(stream(bytes))).toMatchObject(result.changed === 0 ? rest : { frames: before.frames });
      // Malformed frames of fuzzers: where the dissector gave up in mid-header, what is left of it is read otherwise.
      expect(result.changed).toBeLessThanOrEqual(Math.max(1, before.frames * 0.01));
      await examineCapture(stream(bytes), {}, (frame) => {
        if (frame.class === 'clear' && frame.protocol === 'tcp') expect(frame.payload.every((byte) => byte === 0)).toBe(true);
      });
      const search = new CanarySearch(canaryIndex([CANARY]));
      await examineCapture(stream(bytes), {}, search.visit);
      expect(search.hits).toEqual([]);
    },
  );
});
