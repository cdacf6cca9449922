import { describe, expect, test } from 'vitest';
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
import { Dissector } from './dissect.ts';
import type { Frame } from './frame.ts';
import type { DissectOptions } from './options.ts';
import { emptyRawFrame } from './record.ts';

/** Dissect frames in order with one dissector; returns the last. `cut` is the snap length. */
function dissect(frames: readonly Uint8Array[], o: { linkType?: number; cut?: number; options?: DissectOptions } = {}): Frame {
  const dissector = new Dissector(o.options);
  for (const bytes of frames) {
    const caplen = Math.min(bytes.length, o.cut ?? bytes.length);
    dissector.dissect({ ...emptyRawFrame(), buffer: bytes.subarray(0, caplen), caplen, len: bytes.length, linkType: o.linkType ?? 1 });
  }
  return dissector.frame;
}

const eth = (packet: Uint8Array): Buffer => ethernetFrame(packet);
const eth6 = (packet: Uint8Array): Buffer => ethernetFrame(packet, 0x86dd);
const udp = (sport: number, dport: number, payload: Uint8Array): Buffer =>
  eth(ipv4Packet(NODE1, NODE2, 17, udpDatagram(sport, dport, payload)));
const esp = ipv4Packet(NODE1, NODE2, 50, espPacket(3, 85, noise(100)));
const pod = ipv4Packet(POD1, POD2, 6, tcpSegment(40000, 80, 1, Buffer.from('GET / HTTP/1.1\r\n\r\n')));
const initiation = Buffer.concat([Buffer.from([1, 0, 0, 0]), noise(4, 8), noise(31, 9), Buffer.from([5]), noise(108, 10)]);

describe('ESP', () => {
  test('directly, in VXLAN, in Geneve with options, in GRE, behind VLAN tags, in IPv6', () => {
    const tunnel = (port: number, payload: Uint8Array): Buffer => udp(50000, port, payload);
    const tagged = Buffer.concat([esp.subarray(0, 0), eth(esp).subarray(0, 12), Buffer.from([0x88, 0xa8, 0, 1, 0x81, 0, 0, 2, 8, 0]), esp]);
    const cases: [string, Buffer][] = [
      ['eth/ipv4/esp', eth(esp)],
      ['eth/ipv4/udp/vxlan/eth/ipv4/esp', tunnel(8472, vxlanPacket(eth(esp), 2))],
      ['eth/ipv4/udp/geneve/eth/ipv4/esp', tunnel(6081, genevePacket(0x6558, noise(12), eth(esp)))],
      ['eth/ipv4/udp/geneve/ipv4/esp', tunnel(6081, genevePacket(0x0800, noise(0), esp))],
      ['eth/ipv4/gre/ipv4/esp', eth(ipv4Packet(NODE1, NODE2, 47, Buffer.concat([Buffer.from([0xb0, 0, 8, 0]), noise(12), esp])))],
      ['eth/vlan/vlan/ipv4/esp', tagged],
      ['eth/ipv6/esp', eth6(ipv6Packet(NODE1_V6, NODE2_V6, 50, espPacket(3, 85, noise(100))))],
      ['eth/ipv4/udp/esp', udp(4500, 4500, espPacket(3, 85, noise(100)))],
    ];
    for (const [layers, bytes] of cases) expect(dissect([bytes])).toMatchObject({ class: 'esp', layers, spi: 3, sequence: 85 });
  });

  test('SPI 0 or no room for a body is malformed', () => {
    expect(dissect([eth(ipv4Packet(NODE1, NODE2, 50, espPacket(0, 1, noise(100))))])).toMatchObject({ class: 'malformed', spi: null });
    expect(dissect([eth(ipv4Packet(NODE1, NODE2, 50, espPacket(3, 1, noise(4))))])).toMatchObject({ class: 'malformed', spi: null });
  });

  test('UDP 4500 carries IKE behind four zero bytes, keepalives, and text that is not ESP', () => {
    const ike = Buffer.concat([noise(16), Buffer.from([0x21, 0x20, 0x22, 8, 0, 0, 0, 0, 0, 0, 0, 28])]);
    expect(dissect([udp(4500, 4500, Buffer.concat([Buffer.alloc(4), ike]))]).class).toBe('ike');
    expect(dissect([udp(500, 500, ike)]).class).toBe('ike');
    expect(dissect([udp(4500, 4500, Buffer.from([0xff]))]).class).toBe('control');
    expect(dissect([udp(4500, 4500, Buffer.from('plain text, not a packet of ESP'))]).class).toBe('clear');
    expect(dissect([udp(500, 500, noise(100))]).class).toBe('clear');
  });
});

describe('WireGuard', () => {
  const data = wireguardData(5, noise(80), 0x01020304);
  test('data on a known port, or by its shape, or after a handshake', () => {
    expect(dissect([udp(51871, 51871, data)])).toMatchObject({ class: 'wireguard', wireguardType: 4 });
    expect(dissect([udp(999, 41641, data)]).class).toBe('wireguard');
    const late = wireguardData(5, noise(80), 0x01020304);
    late[15] = 1;
    expect(dissect([udp(999, 41641, late)]).class).toBe('clear');
    const answer = eth(ipv4Packet(NODE2, NODE1, 17, udpDatagram(41641, 999, late)));
    expect(dissect([udp(999, 41641, initiation), answer]).class).toBe('wireguard');
    expect(dissect([udp(999, 4000, late)], { options: { wireguardPorts: [4000] } }).class).toBe('wireguard');
  });

  test('a full packet is not padded beyond the MTU: 1420 and 32 bytes, as real agents send', () => {
    const full = wireguardData(15, noise(1436), 0x0e4c310e);
    expect(dissect([udp(51871, 51871, full)]).class).toBe('wireguard');
    expect(dissect([udp(999, 41641, full)]).class).toBe('clear');
    expect(dissect([udp(51871, 51871, full.subarray(0, 1012))]).class).toBe('clear');
  });

  describe('a short packet without padding', () => {
    const short = (counter: number, receiver: number) => udp(51871, 51871, wireguardData(counter, noise(101), receiver));
    const back = (payload: Buffer) => eth(ipv4Packet(NODE2, NODE1, 17, udpDatagram(51871, 51871, payload)));
    const answer = Buffer.concat([Buffer.from([2, 0, 0, 0, 0x0d, 0x0c, 0x0b, 0x0a]), noise(84)]);
    answer[43]! &= 0x7f;
    test('of no session that was seen is not read', () => expect(dissect([short(0, 0x0a0b0c0d)]).class).toBe('clear'));
    test.each<[string, Buffer[], string]>([
      ['after a handshake in which its receiver took that index', [back(answer), short(0, 0x0a0b0c0d)], 'wireguard'],
      ['with the index of the other end', [udp(51871, 51871, answer), short(0, 0x0a0b0c0d)], 'clear'],
      ['with another index', [back(answer), short(0, 0x0a0b0c0e)], 'clear'],
      ['that goes on with the counter', [udp(51871, 51871, wireguardData(700, noise(80), 7)), short(701, 7)], 'wireguard'],
      ['far from the counter', [udp(51871, 51871, wireguardData(700, noise(80), 7)), short(9000, 7)], 'clear'],
      ['of text', [back(answer), udp(51871, 51871, wireguardData(0, Buffer.alloc(101, 'the quick brown fox '), 0x0a0b0c0d))], 'clear'],
    ])('%s', (_, frames, expected) => expect(dissect(frames).class).toBe(expected));
  });

  test('handshake messages on any port', () => {
    expect(dissect([udp(1, 2, initiation)])).toMatchObject({ class: 'wireguard', wireguardType: 1 });
    const cookie = Buffer.concat([Buffer.from([3, 0, 0, 0]), noise(60)]);
    expect(dissect([udp(1, 2, cookie)])).toMatchObject({ class: 'wireguard', wireguardType: 3 });
  });

  test('the port alone proves nothing', () => {
    const text = Buffer.from('wirewitness-beacon:0123456789abcdef0123456789abcdef');
    const mask = Buffer.concat([Buffer.from([4, 0, 0, 0]), noise(12), Buffer.alloc(64, 'the quick brown fox ')]);
    const unaligned = Buffer.concat([data, Buffer.from([1])]);
    for (const payload of [text, mask, unaligned, noise(148), Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.alloc(144)])]) {
      expect(dissect([udp(51871, 51871, payload)]).class).toBe('clear');
    }
  });
});

describe('what is not encrypted', () => {
  test('pod packets, tunnelled or not, with the innermost flow', () => {
    expect(dissect([udp(50000, 8472, vxlanPacket(eth(pod), 2))])).toMatchObject({
      class: 'clear', outerSrc: '172.18.0.1', outerDst: '172.18.0.2', src: '10.0.1.11', dst: '10.0.2.11', protocol: 'tcp', sport: 40000, dport: 80,
    }); // biome-ignore format: one fact
    expect(dissect([eth(ipv4Packet(NODE1, NODE2, 4, pod))])).toMatchObject({ class: 'clear', layers: 'eth/ipv4/ipv4/tcp' });
    expect(dissect([pod], { linkType: 101 })).toMatchObject({ class: 'clear', layers: 'ipv4/tcp' });
  });

  test('TLS records, AH, neighbours and the rest', () => {
    const tls = tcpSegment(1, 443, 1, Buffer.concat([Buffer.from([0x17, 3, 3, 0, 40]), noise(40)]));
    expect(dissect([eth(ipv4Packet(NODE1, NODE2, 6, tls))]).class).toBe('tls');
    const ah = Buffer.concat([Buffer.from([4, 4, 0, 0]), noise(20), pod]);
    expect(dissect([eth(ipv4Packet(NODE1, NODE2, 51, ah))])).toMatchObject({ class: 'ah', src: '10.0.1.11', sport: 40000 });
    const solicitation = Buffer.concat([Buffer.from([135, 0, 0, 0]), noise(20)]);
    expect(dissect([eth6(ipv6Packet(NODE1_V6, NODE2_V6, 58, solicitation, { hopLimit: 255 }))]).class).toBe('control');
    expect(dissect([eth6(ipv6Packet(NODE1_V6, NODE2_V6, 58, solicitation, { hopLimit: 64 }))]).class).toBe('clear');
    expect(dissect([ethernetFrame(noise(40), 0x88cc)]).class).toBe('unknown');
    expect(dissect([ethernetFrame(noise(40), 0x1234 + 0x5000)]).class).toBe('unknown');
    const quoted = Buffer.concat([Buffer.from([3, 3, 0, 0, 0, 0, 0, 0]), esp.subarray(0, 28)]);
    expect(dissect([eth(ipv4Packet(NODE1, NODE2, 1, quoted))])).toMatchObject({ class: 'clear', spi: null });
  });

  test('a header cut by the snap length is truncated, a false one is malformed', () => {
    expect(dissect([eth(pod)], { cut: 40 }).class).toBe('truncated');
    expect(dissect([eth(esp)], { cut: 38 }).class).toBe('truncated');
    expect(dissect([eth(esp)], { cut: 42 }).class).toBe('esp');
    expect(dissect([eth(esp.subarray(0, 30))]).class).toBe('malformed');
  });

  test('nesting without limit is unknown', () => {
    let packet = pod;
    for (let i = 0; i < 60; i++) packet = ipv4Packet(NODE1, NODE2, 4, packet);
    expect(dissect([eth(packet)]).class).toBe('unknown');
  });
});

describe('fragments', () => {
  const first = (payload: Uint8Array, protocol: number): Buffer =>
    eth(ipv4Packet(NODE1, NODE2, protocol, payload, { id: 7, fragment: 0x2000 }));
  const later = (payload: Uint8Array, protocol: number): Buffer =>
    eth(ipv4Packet(NODE1, NODE2, protocol, payload, { id: 7, fragment: 100 }));
  test('take class and flow of the first, in any nesting; one without its first is unknown unless its protocol decides', () => {
    const vxlan = udpDatagram(50000, 8472, vxlanPacket(eth(pod), 2)).subarray(0, 90);
    expect(dissect([first(vxlan, 17)])).toMatchObject({ class: 'clear', sport: 40000 });
    expect(dissect([first(vxlan, 17), later(noise(50), 17)])).toMatchObject({
      class: 'clear',
      src: '10.0.1.11',
      dport: 80,
      laterFragment: true,
    });
    expect(dissect([later(noise(50), 17)]).class).toBe('unknown');
    expect(dissect([later(noise(50), 50)])).toMatchObject({ class: 'esp', spi: null });
    const wireguard = udpDatagram(51871, 51871, wireguardData(1, noise(1600), 9));
    expect(dissect([first(wireguard.subarray(0, 800), 17), later(wireguard.subarray(800), 17)]).class).toBe('wireguard');
  });
});
