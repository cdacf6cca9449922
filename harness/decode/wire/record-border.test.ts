import { describe, expect, test } from 'vitest';
import { pcapFile, pcapngBlock, pcapngInterface, pcapngPacket, pcapngSection } from '../../testing/capture-file.ts';
import { ethernetFrame, ipv4Packet, noise, udpDatagram } from '../../testing/packets.ts';
import { findBorder, recordLayout } from './record-border.ts';

const frames = Array.from({ length: 40 }, (_, n) => ethernetFrame(ipv4Packet('10.0.0.1', '10.0.0.2', 17, noise(50 + 7 * n, n + 1))));
const section = Buffer.concat([pcapngSection(), pcapngInterface(1, 6)]);
const packets = (littleEndian = true) => frames.map((frame, n) => pcapngPacket(0, BigInt(n), frame, littleEndian));

const CAPTURES: readonly [string, Buffer, number][] = [
  ...[true, false].flatMap((littleEndian) =>
    [true, false].map((nanoseconds): [string, Buffer, number] => [
      `pcap, ${littleEndian ? 'little' : 'big'} endian, ${nanoseconds ? 'nano' : 'micro'}seconds`,
      pcapFile(frames, 1, { littleEndian, nanoseconds }),
      24,
    ]),
  ),
  ['pcapng', Buffer.concat([section, ...packets()]), section.length],
  ['pcapng, big endian', Buffer.concat([pcapngSection(false), pcapngInterface(1, 6, false), ...packets(false)]), section.length],
];

describe.each(CAPTURES)('%s', (_, bytes, head) => {
  const layout = recordLayout(bytes)!;
  /** Where its records begin. */
  const records: number[] = [];
  for (let at = head; at < bytes.length; at += layout.lengthOf(bytes, at)) records.push(at);

  test('its head ends where its first record begins', () => {
    expect(layout.head).toBe(head);
    expect(records.length).toBe(frames.length);
  });

  test('from every place the next record is found', () => {
    for (let from = head; from < bytes.length; from++) {
      const next = records.find((at) => at >= from);
      expect(findBorder(bytes.subarray(from), from, layout)).toBe(next === undefined ? -1 : next - from);
    }
  });

  test('also where the bytes end inside a record', () => {
    const [, second, third, , fifth = 0] = records;
    expect(findBorder(bytes.subarray(second! - 3, fifth + 30), second! - 3, layout)).toBe(3);
    expect(findBorder(bytes.subarray(second! + 1, third! + 4), second! + 1, layout)).toBe(-1);
  });
});

test('random bytes have no border, and other files no layout', () => {
  const layout = recordLayout(pcapFile(frames))!;
  expect(findBorder(noise(200_000, 3), 0, layout)).toBe(-1);
  expect(recordLayout(noise(100))).toBeNull();
  expect(recordLayout(pcapFile([]))).toBeNull();
  expect(recordLayout(section)).toBeNull();
});

test('blocks of names and options before the first packet belong to the head', () => {
  const names = pcapngBlock(4, noise(40));
  expect(recordLayout(Buffer.concat([section, names, ...packets()]))).toMatchObject({ head: section.length + names.length, unit: 4 });
});

test('a capture in a frame is a border too: whoever reads the parts must not trust it', () => {
  const inner = pcapFile(frames.slice(0, 8)).subarray(24);
  const outer = ethernetFrame(ipv4Packet('10.0.0.1', '10.0.0.2', 17, udpDatagram(1, 2, inner)));
  const bytes = pcapFile([outer, ...frames]);
  const from = 24 + 16 + 10;
  expect(from + findBorder(bytes.subarray(from), from, recordLayout(bytes)!)).toBe(24 + 16 + outer.length - inner.length);
});
