import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import type { Ledger } from '../../model/ledger.ts';
import { inChunks, pcapFile, pcapngInterface, pcapngPacket, pcapngSection } from '../../testing/capture-file.ts';
import {
  espPacket,
  ethernetFrame,
  genevePacket,
  ipv4Packet,
  ipv6Packet,
  noise,
  tcpSegment,
  udpDatagram,
  vxlanPacket,
  wireguardData,
} from '../../testing/packets.ts';
import { NODE1, NODE1_V6, NODE2, NODE2_V6, POD1, POD2 } from '../../testing/two-nodes.ts';
import { MAX_SAS } from './esp-accounts.ts';
import { accountFor } from './ledger.ts';

const eth = (packet: Uint8Array): Buffer => ethernetFrame(packet);
const account = (frames: readonly Uint8Array[]): Promise<Ledger> => accountFor(inChunks(pcapFile(frames), 4096));
const esp = (sequence: number): Buffer => eth(ipv4Packet(NODE1, NODE2, 50, espPacket(3, sequence, noise(64, sequence))));

describe('accounts', () => {
  test('an SA: first, last and repeated sequence numbers, also over page borders', async () => {
    const ledger = await account([5, 6, 7, 6, 1030, 5, 0xffffffff, 0xffffffff].map(esp));
    expect(ledger.esp).toEqual([
      { src: '172.18.0.1', dst: '172.18.0.2', spi: '0x00000003', frames: 8, firstSeq: 5, lastSeq: 0xffffffff, duplicates: 3 },
    ]);
    expect(ledger.flows).toMatchObject([{ protocol: 'esp', sport: null, class: 'esp', frames: 8, layers: 'eth/ipv4/esp', family: 'ipv4' }]);
  });

  test('WireGuard messages have the bytes that the kernel counts, whatever is around them', async () => {
    const message = wireguardData(1, noise(96), 1);
    const plain = eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, message)));
    const tagged = Buffer.concat([plain.subarray(0, 12), Buffer.from([0x81, 0, 0, 7]), plain.subarray(12)]);
    const kept = Buffer.concat([plain, noise(4)]);
    const over6 = ethernetFrame(ipv6Packet(NODE1_V6, NODE2_V6, 17, udpDatagram(51871, 51871, message)), 0x86dd);
    for (const frame of [plain, tagged, kept, over6])
      expect((await account([frame])).wireguard).toMatchObject([
        { sport: 51871, dport: 51871, type: 'data', frames: 1, bytes: message.length },
      ]);
    const datagram = udpDatagram(51871, 41641, wireguardData(1, noise(1600), 1));
    const pieces = [
      eth(ipv4Packet(NODE1, NODE2, 17, datagram.subarray(0, 800), { id: 9, fragment: 0x2000 })),
      eth(ipv4Packet(NODE1, NODE2, 17, datagram.subarray(800), { id: 9, fragment: 100 })),
    ];
    expect((await account([plain, ...pieces])).wireguard).toMatchObject([
      { dport: 51871, bytes: message.length },
      { dport: 41641, bytes: 1616 },
    ]);
  });

  test('fragments that came before the first move to its class and flow', async () => {
    const datagram = udpDatagram(51871, 51871, wireguardData(1, noise(1600), 1));
    const first = eth(ipv4Packet(NODE1, NODE2, 17, datagram.subarray(0, 800), { id: 9, fragment: 0x2000 }));
    const later = eth(ipv4Packet(NODE1, NODE2, 17, datagram.subarray(800), { id: 9, fragment: 100 }));
    const stray = eth(ipv4Packet(NODE1, NODE2, 17, noise(80), { id: 10, fragment: 100 }));
    const ledger = await account([later, stray, first]);
    expect(ledger.classes).toEqual({
      unknown: { frames: 1, bytes: stray.length },
      wireguard: { frames: 2, bytes: first.length + later.length },
    });
    expect(ledger.flows.map((flow) => [flow.class, flow.frames, flow.dport])).toEqual([
      ['unknown', 1, null],
      ['wireguard', 2, 51871],
    ]);
  });
});

test('a capture with a new SPI in every frame is refused above a bound, in bounded memory', async () => {
  const file = pcapFile([esp(1)]);
  const record = file.subarray(24);
  const spiAt = 16 + 14 + 20;
  const capture = (frames: number) =>
    (async function* () {
      yield file.subarray(0, 24);
      for (let n = 0; n < frames; n++) {
        const copy = Buffer.from(record);
        copy.writeUInt32BE(256 + n, spiAt);
        yield copy;
      }
    })();
  expect((await accountFor(capture(1000))).esp).toHaveLength(1000);
  await expect(accountFor(capture(MAX_SAS + 1))).rejects.toThrow(`has more than ${MAX_SAS} SAs`);
});

/** Accounts must add up whatever came; the only error is the typed one. */
async function survives(bytes: Uint8Array): Promise<Ledger | null> {
  try {
    const ledger = await accountFor(inChunks(bytes, 1000), { file: 'fuzz' });
    const tallies = Object.values(ledger.classes);
    expect(tallies.reduce((sum, t) => sum + t.frames, 0)).toBe(ledger.frames);
    expect(tallies.reduce((sum, t) => sum + t.bytes, 0)).toBe(ledger.wireBytes);
    return ledger;
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureFormatError);
    return null;
  }
}

describe('fuzz', () => {
  const inner = eth(ipv4Packet(POD1, POD2, 6, tcpSegment(1, 80, 1, noise(90))));
  const seeds = [
    esp(1),
    inner,
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(5, 8472, vxlanPacket(inner, 1)))),
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(5, 6081, genevePacket(0x6558, noise(8), inner)))),
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, wireguardData(1, noise(64), 7)))),
    ethernetFrame(ipv6Packet(NODE1_V6, NODE2_V6, 44, Buffer.concat([Buffer.from([17, 0, 0, 1, 0, 0, 0, 9]), noise(60)])), 0x86dd),
    eth(ipv4Packet(NODE1, NODE2, 51, Buffer.concat([Buffer.from([4, 4, 0, 0]), noise(20), inner.subarray(14)]))),
  ];
  const captures = [
    pcapFile(seeds),
    pcapFile(seeds.map((s) => s.subarray(14)), 101),
    Buffer.concat([pcapngSection(), pcapngInterface(1, 9), ...seeds.map((s) => pcapngPacket(0, 1_700_000_000_000_000_000n, s))]),
  ]; // biome-ignore format: three files

  test('random bytes', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => void (await survives(bytes))),
      { numRuns: 500 },
    ));

  test('mutated and cut captures', () => {
    const mutation = fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { maxLength: 12 });
    return fc.assert(
      fc.asyncProperty(fc.constantFrom(...captures), mutation, fc.nat(4000), async (capture, changes, cut) => {
        const bytes = Buffer.from(capture.subarray(0, cut < 2000 ? capture.length : cut));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        await survives(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('random frames of any link type', () => {
    const linkType = fc.constantFrom(0, 1, 12, 101, 108, 113, 228, 229, 276, 9);
    return fc.assert(
      fc.asyncProperty(linkType, fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), async (type, frames) => {
        const ledger = await survives(pcapFile(frames, type));
        expect(ledger?.frames).toBe(frames.length);
      }),
      { numRuns: 500 },
    );
  });

  test('UDP and TCP of random ports and content are never ESP or WireGuard', () => {
    const port = fc
      .oneof(fc.constantFrom(51871, 51820, 500, 53), fc.integer({ min: 1, max: 65535 }))
      .filter((n) => ![4500, 8472, 4789, 6081].includes(n));
    return fc.assert(
      fc.asyncProperty(port, port, fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (sport, dport, payload, tcp) => {
        const segment = tcp ? tcpSegment(sport, dport, 1, payload) : udpDatagram(sport, dport, payload);
        const ledger = await account([eth(ipv4Packet(NODE1, NODE2, tcp ? 6 : 17, segment))]);
        expect(Object.keys(ledger.classes)).not.toContain('esp');
        expect(Object.keys(ledger.classes)).not.toContain('wireguard');
      }),
      { numRuns: 1000 },
    );
  });
});
