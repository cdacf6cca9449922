import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../decode/wire/capture.ts';
import { Dissector } from '../../decode/wire/dissect.ts';
import { pcapFile } from '../../testing/capture-file.ts';
import { ethernetFrame, ipv4Packet, ipv6Packet, noise, tcpSegment, udpDatagram } from '../../testing/packets.ts';
import { NODE1, NODE2, POD1, POD2, twoNodes } from '../../testing/two-nodes.ts';
import { podSpace } from './pod-space.ts';
import { SplitPackets } from './split-packets.ts';

const space = podSpace({ ...twoNodes, nodes: twoNodes.nodes.map((n, i) => ({ ...n, podCidrs: [...n.podCidrs, `fd00:0:0:${i}::/60`] })) });
const text = udpDatagram(40_000, 9000, Buffer.from('readable'));
const packet = ipv4Packet(POD1, POD2, 17, text);
const packet6 = ipv6Packet('fd00:0:0:1::77', 'fd00:0:0:f::88', 17, text);
const between = (protocol: number, payload: Uint8Array) => ethernetFrame(ipv4Packet(NODE1, NODE2, protocol, payload));
const segment = (sequence: number, payload: Uint8Array) => between(6, tcpSegment(1, 2, sequence, payload));
const datagram = (payload: Uint8Array, port = 2) => between(17, udpDatagram(1, port, payload));

/** Numbers of the frames at which a packet was complete. */
async function completed(frames: readonly Uint8Array[]): Promise<number[]> {
  const found: number[] = [];
  const [dissector, split] = [new Dissector({}), new SplitPackets(space)];
  await readCapture(
    (async function* () {
      yield pcapFile(frames);
    })(),
    (raw) => {
      const frame = dissector.dissect(raw);
      if (split.note(frame) !== null) found.push(frame.number);
    },
  );
  return found;
}

describe('a packet of two pods whose header is split', () => {
  test('over two segments, anywhere, in either order, is found', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(packet, packet6),
        fc.nat(300),
        fc.integer({ min: 1, max: 19 }),
        fc.boolean(),
        async (ip, before, cut, swap) => {
          const stream = Buffer.concat([noise(before, 3), ip]);
          const at = before + cut;
          const frames = [segment(0xffff_fff0, stream.subarray(0, at)), segment((0xffff_fff0 + at) >>> 0, stream.subarray(at))];
          expect(await completed(swap ? frames.reverse() : frames)).toEqual([2]);
        },
      ),
      { numRuns: 100 },
    );
  });

  test('over segments of a few bytes is found', async () => {
    const parts = Array.from({ length: 6 }, (_, n) => segment(n * 5, packet.subarray(n * 5, n * 5 + 5)));
    expect(await completed(parts)).not.toEqual([]);
  });

  test.each([0, 4, 8, 12, 16])('over two datagrams with a header of %i bytes is found', async (header) => {
    const part = (from: number, to?: number) => datagram(Buffer.concat([noise(header, from + 1), packet.subarray(from, to)]));
    expect(await completed([part(0, 13), datagram(noise(40, 9), 3), part(13)])).toEqual([3]);
  });
});

test('what is whole in one frame, and what is in no order, is not told', async () => {
  expect(await completed([segment(0, packet), segment(packet.length, noise(60, 5))])).toEqual([]);
  expect(await completed([segment(0, packet.subarray(0, 12)), segment(900, packet.subarray(12))])).toEqual([]);
  expect(await completed([datagram(packet.subarray(0, 12)), datagram(packet.subarray(12), 3)])).toEqual([]);
});
