import { describe, expect, test } from 'vitest';
import { Dissector } from '../decode/wire/dissect.ts';
import { emptyRawFrame } from '../decode/wire/record.ts';
import { ethernetBytes, geneveWithOption, ipv4Bytes, ipv6UdpBytes, PROTOCOL, udpBytes } from './frame-bytes.ts';

const TEXT = Buffer.from('plaintext');
const [NODE1, NODE2, POD1, POD2] = ['172.18.0.1', '172.18.0.2', '10.0.1.11', '10.0.2.11'] as const;
const datagram = ipv4Bytes(POD1, POD2, PROTOCOL.udp, udpBytes(40_000, 9000, TEXT));

function dissect(bytes: Buffer) {
  const dissector = new Dissector();
  dissector.dissect({ ...emptyRawFrame(), buffer: bytes, caplen: bytes.length, len: bytes.length, linkType: 1 });
  return dissector.frame;
}

test('the checksum of UDP in IPv6 is correct', () => {
  const packet = ipv6UdpBytes('fd00::1', 'fd00::2', udpBytes(40_000, 9000, TEXT));
  let sum = 0;
  const pseudo = Buffer.concat([packet.subarray(8, 40), Buffer.from([0, 0, 0, 17, 0, 0, 0, 17]), packet.subarray(40), Buffer.alloc(1)]);
  for (let at = 0; at < pseudo.length; at += 2) sum += pseudo.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  // RFC 1071: the sum over everything, the checksum included, is all ones.
  expect(sum).toBe(0xffff);
});

describe('crafted frames read as what they are', () => {
  test.each([
    ['eth/ipv4/udp', ethernetBytes(datagram)],
    ['eth/vlan/ipv4/udp', ethernetBytes(datagram, 42)],
    ['eth/ipv4/ipv4/udp', ethernetBytes(ipv4Bytes(NODE1, NODE2, PROTOCOL.ipip, datagram))],
    [
      'eth/ipv4/udp/geneve/eth/ipv4/udp',
      ethernetBytes(ipv4Bytes(NODE1, NODE2, PROTOCOL.udp, udpBytes(50_000, 6081, geneveWithOption(ethernetBytes(datagram))))),
    ],
  ])('%s', (layers, bytes) => {
    expect(dissect(bytes)).toMatchObject({ class: 'clear', layers, src: POD1, dst: POD2, protocol: 'udp', dport: 9000 });
  });

  test('a later fragment', () => {
    expect(dissect(ethernetBytes(ipv4Bytes(POD1, POD2, PROTOCOL.udp, TEXT, 185)))).toMatchObject({
      class: 'unknown',
      laterFragment: true,
      src: POD1,
    });
  });

  test('the checksum of the IPv4 header is that of RFC 1071: the words add up to 0xffff', () => {
    let sum = 0;
    for (let at = 0; at < 20; at += 2) sum += datagram.readUInt16BE(at);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    expect(sum).toBe(0xffff);
  });
});
