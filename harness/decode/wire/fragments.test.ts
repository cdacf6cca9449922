import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ethernetFrame, ipv4Packet, noise, udpDatagram, wireguardData } from '../../testing/packets.ts';
import { NODE1, NODE2 } from '../../testing/two-nodes.ts';
import { Dissector } from './dissect.ts';
import { emptyRawFrame } from './record.ts';

const datagram = udpDatagram(51_871, 51_871, wireguardData(1, noise(1584), 7));
const text = udpDatagram(5000, 5001, Buffer.alloc(1600, 'plain text '));

/** Fragments of `bytes` of `size` bytes each, under an identification. */
function cut(bytes: Uint8Array, id: number, size = 800): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const more = at + size < bytes.length ? 0x2000 : 0;
    pieces.push(ethernetFrame(ipv4Packet(NODE1, NODE2, 17, bytes.subarray(at, at + size), { id, fragment: more | (at / 8) })));
  }
  return pieces;
}

/** Class of each frame in order, and the reassembled datagrams. */
function read(frames: readonly Uint8Array[]): { classes: string[]; joined: Uint8Array[] } {
  const dissector = new Dissector();
  const joined: Uint8Array[] = [];
  const classes = frames.map((bytes, i) => {
    const frame = dissector.dissect({
      ...emptyRawFrame(),
      buffer: bytes,
      caplen: bytes.length,
      len: bytes.length,
      linkType: 1,
      seconds: i >> 4,
    });
    if (frame.joined !== null) joined.push(frame.joined);
    return frame.class;
  });
  return { classes, joined };
}

describe('a later fragment', () => {
  test('gets the class of its datagram', () => {
    expect(read(cut(datagram, 1)).classes).toEqual(['wireguard', 'wireguard', 'wireguard']);
    expect(read(cut(text, 1)).classes).toEqual(['clear', 'clear', 'clear']);
  });

  test('of a new datagram with a reused identification is unknown until its first fragment comes', () => {
    const { classes } = read([...cut(datagram, 1), ...cut(text, 1).slice(1)]);
    expect(classes.slice(3)).toEqual(['unknown', 'unknown']);
    const [first, ...later] = cut(text, 1);
    expect(read([...cut(datagram, 1), first!, ...later]).classes.slice(3)).toEqual(['clear', 'clear', 'clear']);
  });

  test('that overlaps with different bytes, or lies after the end, is unknown', () => {
    const [first, second, last] = cut(datagram, 1);
    const stranger = cut(text, 1)[1]!;
    expect(read([first!, second!, stranger, last!]).classes).toEqual(['wireguard', 'wireguard', 'unknown', 'wireguard']);
    const behind = ethernetFrame(ipv4Packet(NODE1, NODE2, 17, noise(80), { id: 1, fragment: 250 }));
    expect(read([first!, second!, last!, behind]).classes.at(-1)).toBe('unknown');
  });

  test('that is seen twice belongs to its datagram twice', () => {
    const twice = cut(datagram, 1).flatMap((f) => [f, f]);
    expect(read(twice).classes).toEqual(Array.from(twice, () => 'wireguard'));
  });
});

describe('readable fragments', () => {
  test('are reassembled once, in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 }), (order) => {
        const pieces = cut(text, 9, 272);
        const { joined } = read(order.map((i) => pieces[i]!));
        expect(joined).toHaveLength(1);
        expect(Buffer.from(joined[0]!).equals(text)).toBe(true);
      }),
    );
  });

  test('are not reassembled when one is missing, and ciphertext is not kept', () => {
    expect(read(cut(text, 1).slice(0, 2)).joined).toEqual([]);
    expect(read(cut(datagram, 1)).joined).toEqual([]);
  });
});
