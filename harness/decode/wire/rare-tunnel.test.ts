import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pcapFile } from '../../testing/capture-file.ts';
import { espPacket, ethernetFrame, ipv4Packet, ipv6Packet, noise, udpDatagram } from '../../testing/packets.ts';
import { NODE1, NODE1_V6, NODE2, NODE2_V6, POD1, POD2 } from '../../testing/two-nodes.ts';
import { Dissector } from './dissect.ts';
import { emptyRawFrame } from './record.ts';

const pod = ipv4Packet(POD1, POD2, 17, udpDatagram(40_000, 9_000, noise(40)));
const pod6 = ipv6Packet(NODE1_V6, NODE2_V6, 17, udpDatagram(40_000, 9_000, noise(40)));
const eth = (packet: Uint8Array): Buffer => ethernetFrame(packet);
const eth6 = (packet: Uint8Array): Buffer => ethernetFrame(packet, 0x86dd);
const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const join2 = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);
const ip = (protocol: number, payload: Uint8Array): Buffer => eth(ipv4Packet(NODE1, NODE2, protocol, payload));
const udp = (port: number, payload: Uint8Array): Buffer => ip(17, udpDatagram(50_000, port, payload));
const half = (value: number): number[] => [value >> 8, value & 255];

/** Each tunnel around a packet of two pods; the last column is the option for tshark. It does not read GUE. */
const TUNNELS: readonly (readonly [layers: string, frame: Buffer, tshark: readonly string[]])[] = [
  ['eth/mpls/ipv4/udp', ethernetFrame(join2(bytes(0, 0x10, 0, 64, 0, 0x20, 1, 64), pod), 0x8847), []],
  ['eth/mpls/ipv6/udp', ethernetFrame(join2(bytes(0, 0x10, 1, 64), pod6), 0x8847), []],
  ['eth/mpls/eth/ipv4/udp', ethernetFrame(join2(bytes(0, 0x30, 1, 64, 0, 0, 0, 0), eth(pod)), 0x8847), ['-d', 'mpls.label==768,pwethcw']],
  ['eth/ipv4/mpls/ipv4/udp', ip(137, join2(bytes(0, 0x10, 1, 64), pod)), []],
  ['eth/ipv4/udp/mpls/ipv4/udp', udp(6635, join2(bytes(0, 0x10, 1, 64), pod)), []],
  ['eth/pppoe/ipv4/udp', ethernetFrame(join2(bytes(0x11, 0, 0, 1, ...half(pod.length + 2), 0, 0x21), pod), 0x8864), []],
  ['eth/pppoe/ipv6/udp', ethernetFrame(join2(bytes(0x11, 0, 0, 1, ...half(pod6.length + 2), 0, 0x57), pod6), 0x8864), []],
  ['eth/ipv4/gre/erspan/eth/ipv4/udp', ip(47, join2(bytes(0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0), eth(pod))), []],
  ['eth/ipv4/gre/erspan/eth/ipv6/udp', ip(47, join2(bytes(0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), eth6(pod6))), []],
  ['eth/ipv4/etherip/eth/ipv4/udp', ip(97, join2(bytes(0x30, 0), eth(pod))), []],
  ['eth/ipv4/udp/vxlan-gpe/ipv4/udp', udp(4790, join2(bytes(0x0c, 0, 0, 1, 0, 0, 7, 0), pod)), []],
  ['eth/ipv4/udp/vxlan-gpe/eth/ipv4/udp', udp(4790, join2(bytes(0x0c, 0, 0, 3, 0, 0, 7, 0), eth(pod))), []],
  ['eth/ipv4/udp/gtp/ipv4/udp', udp(2152, join2(bytes(0x30, 0xff, ...half(pod.length), 0, 0, 0, 1), pod)), []],
  ['eth/ipv4/udp/gtp/ipv6/udp', udp(2152, join2(bytes(0x34, 0xff, ...half(pod6.length + 8), 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0, 0, 0), pod6)), []],
  ['eth/ipv4/udp/gue/ipv4/udp', udp(6080, join2(bytes(0, 4, 0, 0), pod)), []],
  ['eth/ipv4/udp/gue/ipv6/udp', udp(6080, pod6), []],
]; // biome-ignore format: a table

function dissect(frame: Uint8Array) {
  return new Dissector().dissect({ ...emptyRawFrame(), buffer: frame, caplen: frame.length, len: frame.length, linkType: 1 });
}

describe('rare tunnels', () => {
  test.each(TUNNELS)('%s', (layers, frame) => {
    const { layers: found, class: name, src, dst, sport, dport } = dissect(frame);
    expect({ found, name, sport, dport }).toEqual({ found: layers, name: 'clear', sport: 40_000, dport: 9_000 });
    expect([src, dst]).toEqual(layers.endsWith('ipv6/udp') ? ['fd00::1', 'fd00::2'] : ['10.0.1.11', '10.0.2.11']);
  });

  test('ESP inside is ESP', () => {
    const esp = ipv4Packet(NODE1, NODE2, 50, espPacket(3, 1, noise(64)));
    expect(dissect(ethernetFrame(join2(bytes(0, 0x10, 1, 64), esp), 0x8847))).toMatchObject({
      class: 'esp',
      layers: 'eth/mpls/ipv4/esp',
    });
  });

  test('a datagram with only the port is a plain datagram', () => {
    for (const port of [4790, 2152, 6635, 6080])
      expect(dissect(udp(port, Buffer.from('\x08 an answer to a client on this port')))).toMatchObject({
        class: 'clear',
        layers: 'eth/ipv4/udp',
      });
  });

  test('cut and changed anywhere, no read is out of bounds and no frame is ciphertext', () => {
    const frame = fc.constantFrom(...TUNNELS.map(([, bytesOf]) => bytesOf));
    const changes = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(frame, changes, fc.nat(200), (original, edits, cut) => {
        const bytesOf = Buffer.from(original.subarray(0, Math.max(0, original.length - (cut < 100 ? 0 : cut - 100))));
        for (const [at, value] of edits) if (at < bytesOf.length) bytesOf[at] = value;
        const found = dissect(bytesOf);
        expect(found.payloadOffset).toBeLessThanOrEqual(bytesOf.length + 8);
        expect(found.layers.length).toBeGreaterThan(0);
      }),
      { numRuns: 5000 },
    );
  });

  test('the innermost addresses are those that tshark finds', (ctx) => {
    ctx.skip(spawnSync('tshark', ['--version']).error !== undefined, 'tshark is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'wirewitness-tunnels-'));
    try {
      const file = join(folder, 'tunnels.pcap');
      writeFileSync(file, pcapFile(TUNNELS.map(([, frame]) => frame)));
      const told = [...new Set(TUNNELS.map(([, , words]) => words.join(' ')).filter((words) => words !== ''))].flatMap((words) =>
        words.split(' '),
      );
      const fields = ['ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst'].flatMap((field) => ['-e', field]);
      const run = spawnSync('tshark', ['-n', '-r', file, ...told, '-T', 'fields', '-E', 'separator=|', ...fields], { encoding: 'utf8' });
      const theirs = run.stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('|').map((cell) => cell.split(',').at(-1) ?? ''));
      expect(theirs).toHaveLength(TUNNELS.length);
      const differ = TUNNELS.flatMap(([layers, frame], i) => {
        if (layers.includes('gue')) return [];
        const { src, dst } = dissect(frame);
        const [ipSrc, ipDst, ip6Src, ip6Dst] = theirs[i]!;
        const [a, b] = layers.endsWith('ipv6/udp') ? [ip6Src, ip6Dst] : [ipSrc, ipDst];
        return a === src && b === dst ? [] : [`${layers}: ${src} > ${dst} here, ${theirs[i]!.join(' ')} by tshark`];
      });
      expect(differ).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
