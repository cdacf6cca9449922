import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findPacket } from '../../decode/wire/packet-search.ts';
import { ipv4Packet, ipv6Packet, noise, udpDatagram } from '../../testing/packets.ts';
import { NODE1, POD1, POD2, ROUTER1, ROUTER2, twoNodes } from '../../testing/two-nodes.ts';
import { podSpace } from './pod-space.ts';

const nodes = twoNodes.nodes.map((n, i) => ({ ...n, podCidrs: [...n.podCidrs, `fd00:0:0:${i}::/60`] }));
const space = podSpace({ ...twoNodes, nodes });
const payload = udpDatagram(1, 2, Buffer.from('readable'));
const packet = ipv4Packet('10.0.1.77', '10.0.2.88', 17, payload);
const packet6 = ipv6Packet('fd00:0:0:1::77', 'fd00:0:0:f::88', 17, payload);

const find = (bytes: Uint8Array) => findPacket(bytes, 0, bytes.length, space);

describe('a packet of two pods', () => {
  test('is found at any offset in any bytes', () => {
    fc.assert(
      fc.property(fc.nat(1400), fc.nat(100), fc.nat(10_000), fc.constantFrom(packet, packet6), (before, after, seed, bytes) => {
        const at = find(Buffer.concat([noise(before, seed), bytes, noise(after, seed + 1)]));
        expect(at).toMatchObject({ at: before, family: bytes === packet ? 4 : 6 });
      }),
      { numRuns: 500 },
    );
  });

  test('with a wrong checksum counts only between known pods', () => {
    const broken = Buffer.from(packet);
    broken.writeUInt16BE(0, 10);
    expect(find(broken)).toBeNull();
    const known = Buffer.from(ipv4Packet(POD1, POD2, 17, payload));
    known.writeUInt16BE(0, 10);
    expect(find(known)).toMatchObject({ at: 0, family: 4 });
  });

  test('is none where an end is a node, a router or a stranger', () => {
    for (const [src, dst] of [
      [NODE1, POD2],
      [ROUTER1, ROUTER2],
      [POD1, '203.0.113.9'],
    ] as const)
      expect(find(ipv4Packet(src, dst, 17, payload))).toBeNull();
    expect(find(ipv6Packet('fd00:0:0:1::77', 'fd00:0:0:20::88', 17, payload))).toBeNull();
  });

  test('is not seen in 16 MB of random bytes', () => {
    for (let seed = 0; seed < 16; seed++) expect(find(noise(1 << 20, seed))).toBeNull();
  });
});
