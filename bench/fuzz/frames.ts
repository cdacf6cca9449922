import { Dissector, MAX_LAYERS } from '../../harness/decode/wire/dissect.ts';
import { CLASS_NAMES } from '../../harness/decode/wire/frame-class.ts';
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
} from '../../harness/testing/packets.ts';
import { NODE1, NODE1_V6, NODE2, NODE2_V6, POD1, POD2 } from '../../harness/testing/two-nodes.ts';
import { type FuzzPart, must } from './part.ts';
import { mutateBytes } from './random.ts';

const LINK_TYPES = [1, 1, 1, 1, 113, 276, 101, 12, 228, 229, 0, 108, 147];

/** Frames of every layer that is read. */
export function sampleFrames(): Buffer[] {
  const eth = (packet: Uint8Array): Buffer => ethernetFrame(packet);
  const inner = eth(ipv4Packet(POD1, POD2, 6, tcpSegment(1, 80, 1, noise(90))));
  return [
    eth(ipv4Packet(NODE1, NODE2, 50, espPacket(3, 1, noise(64)))),
    inner,
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(5, 8472, vxlanPacket(inner, 1)))),
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(5, 6081, genevePacket(0x6558, noise(8), inner)))),
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(51871, 51871, wireguardData(1, noise(64), 7)))),
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(4500, 4500, espPacket(9, 1, noise(64))))),
    eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(500, 500, noise(120)))),
    ethernetFrame(ipv6Packet(NODE1_V6, NODE2_V6, 44, Buffer.concat([Buffer.from([17, 0, 0, 1, 0, 0, 0, 9]), noise(60)])), 0x86dd),
    ethernetFrame(
      ipv6Packet(
        NODE1_V6,
        NODE2_V6,
        58,
        Buffer.concat([Buffer.from('8700000000000000', 'hex'), noise(16), Buffer.from('0101020000000001', 'hex')]),
      ),
      0x86dd,
    ),
    eth(ipv4Packet(NODE1, NODE2, 51, Buffer.concat([Buffer.from([4, 4, 0, 0]), noise(20), inner.subarray(14)]))),
    eth(ipv4Packet(NODE1, NODE2, 4, inner.subarray(14))),
    eth(ipv4Packet(NODE1, NODE2, 47, Buffer.concat([Buffer.from([0, 0, 0x65, 0x58]), inner]))),
    eth(ipv4Packet(NODE1, NODE2, 1, Buffer.concat([Buffer.from([3, 1, 0, 0, 0, 0, 0, 0]), inner.subarray(14)]))),
    ethernetFrame(Buffer.from('00010800060400010200000000010a0000010000000000000a000002', 'hex'), 0x0806),
    ethernetFrame(Buffer.from('0207040200000000010403657468060200780000', 'hex'), 0x88cc),
    ethernetFrame(Buffer.concat([Buffer.from([0, 5, 8, 0]), inner.subarray(14)]), 0x8100),
  ];
}

/** Frames through one dissector, which keeps fragments and handshakes between them. */
export function framesPart(): FuzzPart {
  const samples = sampleFrames();
  const dissector = new Dissector();
  return {
    name: 'frames',
    about: 'mutated frames through one dissector',
    run(random) {
      const frame = mutateBytes(random, random.of(samples), samples);
      // In the middle of a larger buffer, as a reader passes it: the bytes around it must not be read.
      const start = random.below(40);
      const buffer = Buffer.concat([Buffer.alloc(start, 0xff), frame, Buffer.alloc(64, 0xff)]);
      const len = random.below(4) === 0 ? frame.length + random.below(2000) : frame.length;
      const raw = { buffer, number: 1, start, caplen: frame.length, len, linkType: random.of(LINK_TYPES), seconds: 1, nanoseconds: 2 };
      const found = dissector.dissect(raw);
      must(CLASS_NAMES.includes(found.class), `class ${found.class}`);
      must(found.layers.split('/').length <= MAX_LAYERS + 1, `${found.layers.split('/').length} layers`);
      const { payloadOffset, payloadLength } = found;
      must(
        payloadOffset >= 0 && payloadLength >= 0 && payloadOffset + payloadLength <= frame.length,
        `payload ${payloadOffset}+${payloadLength} of ${frame.length}`,
      );
      must(found.at - start >= 0 && found.at - start <= frame.length, `stopped at ${found.at - start} of ${frame.length}`);
      return found.class === 'malformed' || found.class === 'truncated' ? 'refused' : 'read';
    },
  };
}
