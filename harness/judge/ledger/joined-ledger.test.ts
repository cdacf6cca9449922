import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { recordLayout } from '../../decode/wire/record-border.ts';
import { inChunks, pcapFile, pcapngInterface, pcapngPacket, pcapngSection } from '../../testing/capture-file.ts';
import {
  espPacket,
  ethernetFrame,
  ipv4Packet,
  noise,
  tcpSegment,
  udpDatagram,
  vxlanPacket,
  wireguardData,
  wireguardInitiation,
} from '../../testing/packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../testing/two-nodes.ts';
import { JoinedLedger } from './joined-ledger.ts';
import { examineCapture } from './ledger.ts';
import { PartReader } from './read-part.ts';

const eth = (packet: Uint8Array): Buffer => ethernetFrame(packet);
const udp = (sport: number, dport: number, payload: Uint8Array): Buffer =>
  eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(sport, dport, payload)));
const large = udpDatagram(51871, 51871, wireguardData(1, noise(1600), 1));

/** Frames of all kinds whose meaning may depend on earlier ones, and of some whose meaning does not. */
const KINDS: readonly ((n: number) => Buffer)[] = [
  (n) => eth(ipv4Packet(NODE1, NODE2, 50, espPacket(3 + (n % 2), n >> 2, noise(64, n)))),
  (n) => eth(ipv4Packet(NODE2, NODE1, 50, espPacket(9, n % 5, noise(64, n)))),
  (n) => udp(51871, 51871, wireguardData(n, noise(64, n), 7)),
  (n) => eth(ipv4Packet(POD1, POD2, 6, tcpSegment(40_000, 443, 100 * n, Buffer.from([22, 3, 1, 0, 40, 1, 0, 0, 36, ...noise(36, n)])))),
  (n) => eth(ipv4Packet(POD2, POD1, 6, tcpSegment(443, 40_000, n, Buffer.from('plain text, and more of it')))),
  (n) => eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(5000 + n, 8472, vxlanPacket(eth(ipv4Packet(POD1, POD2, 1, noise(40, n))), 1)))),
  () => ethernetFrame(Buffer.from([0, 1, 8, 0, 6, 4, 0, 1, ...new Array<number>(20).fill(1)]), 0x0806),
];
const DEPENDENT: readonly ((n: number) => Buffer)[] = [
  () => udp(30_000, 30_001, wireguardInitiation(Buffer.from(noise(32)).fill(1, 31).toString('base64'))),
  // Data without a known port that only a handshake before it explains, and a short unaligned one that only its session explains.
  (n) => udp(30_000, 30_001, wireguardData(2 ** 41 + n, noise(64, n), 5)),
  (n) => udp(51871, 51871, wireguardData(n, noise(57, n), 7)),
  (n) => eth(ipv4Packet(NODE1, NODE2, 17, large.subarray(0, 800), { id: n % 3, fragment: 0x2000 })),
  (n) => eth(ipv4Packet(NODE1, NODE2, 17, large.subarray(800), { id: n % 3, fragment: 100 })),
];

type Format = 'pcap' | 'big-endian pcap' | 'pcapng' | 'pcapng with late interface';

function capture(frames: readonly Buffer[], format: Format): Buffer {
  if (format === 'pcap') return pcapFile(frames);
  if (format === 'big-endian pcap') return pcapFile(frames, 1, { littleEndian: false, nanoseconds: true });
  const isLate = format === 'pcapng with late interface';
  const blocks = frames.flatMap((frame, n) => [
    ...(isLate && n === frames.length >> 1 ? [pcapngInterface(1, 9)] : []),
    pcapngPacket(isLate && n >= frames.length >> 1 ? 1 : 0, BigInt(n), frame),
  ]);
  return Buffer.concat([pcapngSection(), pcapngInterface(1, 6), ...blocks]);
}

/** What the ledger and the flows say, or the error. */
type Outcome = { readonly ledger: unknown; readonly above: unknown } | { readonly error: string };

async function whole(bytes: Uint8Array): Promise<Outcome> {
  const flows = new EncryptedFlows();
  try {
    return { ledger: await examineCapture(inChunks(bytes, 1000), { file: 'x' }, flows.note), above: flows.end() };
  } catch (error) {
    return { error: String(error) };
  }
}

/** The bytes, some hundred at a time. */
function filling(bytes: Uint8Array): (space: Uint8Array) => number {
  let at = 0;
  return (space) => {
    const piece = bytes.subarray(at, at + Math.min(300, space.length));
    space.set(piece);
    at += piece.length;
    return piece.length;
  };
}

/** In parts that begin at these places, and how many of them were taken without their bytes. */
async function inParts(bytes: Uint8Array, cuts: readonly number[]): Promise<{ readonly outcome: Outcome; readonly taken: number }> {
  const flows = new EncryptedFlows();
  const joined = new JoinedLedger('x', flows);
  const head = bytes.subarray(0, recordLayout(bytes)?.head ?? 0);
  const reader = new PartReader(head, EncryptedFlows.concerns);
  let taken = 0;
  try {
    for (const [n, from] of [0, ...cuts].entries()) {
      const part = bytes.subarray(from, cuts[n] ?? bytes.length);
      const read = n === 0 ? null : reader.read(filling(part));
      if (read !== null && joined.take(structuredClone(read), () => part)) taken++;
      else joined.push(part);
    }
    return { outcome: { ledger: joined.end(), above: flows.end() }, taken };
  } catch (error) {
    return { outcome: { error: String(error) }, taken };
  }
}

/** Where each frame's record begins, and the end. */
function borders(frames: readonly Buffer[], format: Format): number[] {
  return frames.map((_, n) => capture(frames.slice(0, n), format).length);
}

const FORMATS = ['pcap', 'big-endian pcap', 'pcapng', 'pcapng with late interface'] as const;
const anyFrames = (kinds: readonly ((n: number) => Buffer)[]) =>
  fc
    .array(fc.tuple(fc.constantFrom(...kinds), fc.nat(40)), { minLength: 4, maxLength: 40 })
    .map((picked) => picked.map(([kind, n]) => kind(n)));

describe('parts give the ledger of the whole capture', () => {
  test.each(FORMATS)('%s, cut between records', async (format) => {
    await fc.assert(
      fc.asyncProperty(anyFrames([...KINDS, ...DEPENDENT]), fc.array(fc.nat(39), { maxLength: 6 }), async (frames, places) => {
        const bytes = capture(frames, format);
        const all = borders(frames, format);
        const cuts = [...new Set(places.map((place) => all[1 + (place % (all.length - 1))]!))].toSorted((a, b) => a - b);
        expect((await inParts(bytes, cuts)).outcome).toEqual(await whole(bytes));
      }),
      { numRuns: 60 },
    );
  });

  test('cut anywhere, also inside a record, and with damaged bytes', async () => {
    const damage = fc.option(fc.tuple(fc.nat(), fc.nat(255)));
    await fc.assert(
      fc.asyncProperty(
        anyFrames([...KINDS, ...DEPENDENT]),
        fc.constantFrom(...FORMATS),
        fc.array(fc.nat(), { maxLength: 5 }),
        damage,
        async (frames, format, places, damaged) => {
          const bytes = capture(frames, format);
          const first = recordLayout(bytes)!.head;
          if (damaged !== null) bytes[first + (damaged[0] % (bytes.length - first))] = damaged[1];
          const cuts = [...new Set(places.map((place) => first + (place % (bytes.length - first))))].toSorted((a, b) => a - b);
          expect((await inParts(bytes, cuts)).outcome).toEqual(await whole(bytes));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('without dependent frames every part is taken', async () => {
    await fc.assert(
      fc.asyncProperty(anyFrames(KINDS), fc.constantFrom('pcap', 'big-endian pcap', 'pcapng'), async (frames, format) => {
        const bytes = capture(frames, format);
        const cuts = borders(frames, format).slice(1);
        expect(await inParts(bytes, cuts)).toEqual({ outcome: await whole(bytes), taken: cuts.length });
      }),
      { numRuns: 30 },
    );
  });
});

describe('a part is not taken', () => {
  const [esp, arp] = [KINDS[0]!(1), KINDS[6]!(1)];
  test.each([
    ['that has a fragment', [esp, esp, DEPENDENT[4]!(1), arp], 'pcap'],
    ['that has a WireGuard message without a known port', [esp, DEPENDENT[0]!(1), DEPENDENT[1]!(1), arp], 'pcap'],
    ['that has a short unaligned WireGuard message', [esp, KINDS[2]!(1), DEPENDENT[2]!(2), arp], 'pcap'],
    ['in which an interface is described', [esp, esp, esp, arp], 'pcapng with late interface'],
  ] as const)('%s', async (_, frames, format) => {
    const bytes = capture(frames, format);
    const cut = borders(frames, format)[2]! - (format === 'pcap' ? 0 : pcapngInterface(1, 9).length);
    expect(await inParts(bytes, [cut])).toEqual({ outcome: await whole(bytes), taken: 0 });
  });

  test('that ends inside a record, nor the one after it, but the next one that begins with a record', async () => {
    const frames = [esp, esp, esp, esp, arp];
    const all = borders(frames, 'pcap');
    const bytes = capture(frames, 'pcap');
    expect((await inParts(bytes, [all[1]!, all[2]! + 7, all[4]!])).taken).toBe(1);
    expect((await inParts(bytes, [all[1]!, all[2]!, all[4]!])).taken).toBe(3);
  });

  test('whose first records are the content of a frame', async () => {
    const frames = [esp, arp, eth(ipv4Packet(POD1, POD2, 17, udpDatagram(1, 2, pcapFile([esp, esp])))), esp];
    const bytes = capture(frames, 'pcap');
    const all = borders(frames, 'pcap');
    const inner = all[2]! + 16 + 14 + 20 + 8 + 24;
    expect(await inParts(bytes, [all[1]!, inner, all[3]!])).toEqual({ outcome: await whole(bytes), taken: 1 });
    expect((await inParts(bytes, [inner, all[3]!])).taken).toBe(1);
  });
});

describe('what a part says of WireGuard holds for the frames after it', () => {
  const to = (dport: number, counter: number, length = 64): Buffer => udp(51871, dport, wireguardData(counter, noise(length, counter), 7));
  test.each([
    ['the highest counter of a session', [to(51871, 1), to(51871, 20_000), to(51871, 20_001, 57)], 'wireguard'],
    ['a counter below the highest one', [to(51871, 20_000), to(51871, 3), to(51871, 20_001, 57)], 'wireguard'],
    ['another session with the same index', [to(51871, 20_000), to(41641, 1), to(51871, 20_001, 57)], 'clear'],
    ['the same session after another one', [to(51871, 20_000), to(41641, 1), to(51871, 3), to(51871, 20_001, 57)], 'clear'],
  ] as const)('%s', async (_, frames, last) => {
    const bytes = capture([...frames], 'pcap');
    const all = borders([...frames], 'pcap');
    const { outcome, taken } = await inParts(bytes, [all[1]!, all.at(-1)!]);
    expect({ outcome, taken }).toEqual({ outcome: await whole(bytes), taken: 1 });
    expect(outcome).toMatchObject({ ledger: { classes: { [last]: { frames: last === 'clear' ? 1 : frames.length } } } });
  });
});

test('an error after parts that were taken names the place in the file', async () => {
  const frames = [KINDS[0]!(1), KINDS[1]!(1), KINDS[2]!(1)];
  const bytes = capture(frames, 'pcap');
  const all = borders(frames, 'pcap');
  bytes.fill(0xff, all[2]! + 8, all[2]! + 12);
  expect(await inParts(bytes, [all[1]!, all[2]!])).toEqual({ outcome: await whole(bytes), taken: 1 });
  expect(await whole(bytes)).toMatchObject({ error: expect.stringContaining(String(all[2]!)) as string });
});
