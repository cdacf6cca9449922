import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { pcapHeader, pcapRecord } from '../testing/capture-file.ts';
import { beacon, clearPing, espFrame, espInVxlan, nodeFrame, tunnelFrame, wireguardFrame } from '../testing/node-frames.ts';
import {
  espPacket,
  ethernetFrame,
  genevePacket,
  ipv4Packet,
  ipv6Packet,
  udpDatagram,
  vxlanPacket,
  wireguardData,
} from '../testing/packets.ts';
import { captureLimits, formerWatchFilters, watchFilters } from './capture-filter.ts';

const TCPDUMP = 'tcpdump';
const hasTcpdump = spawnSync(TCPDUMP, ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'wirewitness-filters-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Numbers of the frames that a filter takes: each frame has its number as its time. */
function taken(frames: readonly Uint8Array[], filter: string): readonly number[] {
  const file = join(folder, 'frames.pcap');
  writeFileSync(file, Buffer.concat([pcapHeader(), ...frames.map((frame, fraction) => pcapRecord(frame, { fraction }))]));
  const run = spawnSync(TCPDUMP, ['-n', '-r', file, '-w', '-', filter], { maxBuffer: 1 << 26 });
  expect(run.status, run.stderr.toString()).toBe(0);
  const numbers: number[] = [];
  for (let at = 24; at < run.stdout.length; at += 16 + run.stdout.readUInt32LE(at + 8)) numbers.push(run.stdout.readUInt32LE(at + 4));
  return numbers;
}

const [NODE1, NODE2] = ['fd00::1', 'fd00::2'];
const esp = espPacket(3, 1);
const innerIpv4 = ethernetFrame(ipv4Packet('10.0.0.1', '10.0.0.2', 50, esp));
const innerIpv6 = ethernetFrame(ipv6Packet(NODE1, NODE2, 50, esp), 0x86dd);
const overIpv6 = (protocol: number, payload: Uint8Array): Buffer => ethernetFrame(ipv6Packet(NODE1, NODE2, protocol, payload), 0x86dd);
const geneve = (inner: Uint8Array): Buffer => udpDatagram(40_000, 6081, genevePacket(0x6558, Buffer.alloc(0), inner));
const handshake = (type: number, bytes: number): Buffer => Buffer.concat([Buffer.from([type, 0, 0, 0]), Buffer.alloc(bytes - 4)]);

/** A frame of every kind that the filters recognise, and a few that they do not. */
const WHOLE: readonly Buffer[] = [
  espFrame('out', 1),
  espInVxlan('out', 1),
  tunnelFrame('out', innerIpv6),
  nodeFrame('out', 17, geneve(innerIpv4)),
  nodeFrame('out', 17, geneve(innerIpv6)),
  wireguardFrame('out', 1),
  ...[handshake(1, 148), handshake(2, 92), handshake(3, 64)].map((m) => nodeFrame('out', 17, udpDatagram(51871, 51871, m))),
  overIpv6(50, esp),
  overIpv6(44, Buffer.concat([Buffer.from([50, 0, 0, 1, 0, 0, 0, 1]), esp])),
  overIpv6(17, udpDatagram(40_000, 8472, vxlanPacket(innerIpv4))),
  overIpv6(17, udpDatagram(40_000, 4789, vxlanPacket(innerIpv6))),
  overIpv6(17, geneve(innerIpv4)),
  overIpv6(17, udpDatagram(51871, 51871, wireguardData(1))),
  clearPing(8, 'ab'.repeat(16)),
  nodeFrame('out', 17, udpDatagram(40_000, 8472, Buffer.from('short'))),
  nodeFrame('out', 17, udpDatagram(51871, 51871, Buffer.from('abc'))),
  beacon('start'),
];

/** Cut anywhere, with a few bytes changed, or with another length of the IPv4 header. */
const FRAME = fc
  .record({
    whole: fc.constantFrom(...WHOLE),
    cut: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 200 })),
    changes: fc.array(fc.record({ at: fc.nat(110), value: fc.integer({ min: 0, max: 255 }) }), { maxLength: 2 }),
    headerWords: fc.option(fc.integer({ min: 0, max: 15 }), { freq: 5 }),
  })
  .map(({ whole, cut, changes, headerWords }) => {
    const frame = Buffer.from(whole.subarray(0, cut));
    for (const { at, value } of changes) if (at < frame.length) frame[at] = value;
    if (headerWords !== null && frame.length > 14) frame[14] = 0x40 | headerWords;
    return frame;
  });
const FRAMES = fc.array(fc.oneof({ weight: 9, arbitrary: FRAME }, fc.uint8Array({ minLength: 1, maxLength: 120 })), {
  minLength: 300,
  maxLength: 600,
});

describe.skipIf(!hasTcpdump)(`a frame is taken by one of the two filters${hasTcpdump ? '' : ' (no tcpdump here)'}`, () => {
  const { kept, counted } = watchFilters('wire');
  const every = (frames: readonly unknown[]): number[] => frames.map((_, number) => number);
  const both = (frames: readonly Uint8Array[], one: string, other: string): number[] =>
    [...taken(frames, one), ...taken(frames, other)].sort((a, b) => a - b);

  test('whatever it holds and wherever it ends', () => {
    fc.assert(
      fc.property(FRAMES, (frames) => {
        expect(both(frames, kept, counted)).toEqual(every(frames));
      }),
      { numRuns: 25 },
    );
  });

  test('cut behind each of its bytes', () => {
    const frames = WHOLE.flatMap((frame) => Array.from({ length: frame.length }, (_, index) => frame.subarray(0, index + 1)));
    expect(both(frames, kept, counted)).toEqual(every(frames));
    // The capture of ciphertext has the beacons as well, and nothing else that the sentinel has.
    const beacons = taken(frames, '(ip dst 255.255.255.255 and udp dst port 9)');
    const cipher = taken(frames, captureLimits('cipher').filter);
    expect(cipher.filter((number) => !beacons.includes(number))).toEqual(taken(frames, counted));
    expect(taken(frames, captureLimits('sentinel').filter)).toEqual(taken(frames, kept));
  });

  test('whole frames as before: only what was in neither is now kept', () => {
    const former = formerWatchFilters('wire');
    const frames = WHOLE.flatMap((frame) => Array.from({ length: frame.length - 13 }, (_, index) => frame.subarray(0, index + 14)));
    expect(taken(WHOLE, counted)).toEqual(taken(WHOLE, former.counted));
    expect(taken(WHOLE, counted).length).toBe(15);
    const [now, then] = [taken(frames, kept), taken(frames, former.kept)];
    expect(then.filter((number) => !now.includes(number))).toEqual([]);
    expect(both(frames, former.kept, former.counted).length).toBeLessThan(frames.length);
  });
});
