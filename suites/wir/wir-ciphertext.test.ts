import { describe, test } from 'vitest';
import { espFrame, espInVxlan, initiationFrame, wireguardFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, ipv4Packet, udpDatagram } from '../../harness/testing/packets.ts';
import { outputsByNode, publishedKeys } from '../../harness/testing/recording.ts';

import { bothWayStates, clearPhase, encrypted, expectWirVerdict, healthyEsp, healthyWireguard, traffic } from './testdata/wir-recording.ts';

describe('WIR-05 and WIR-06', () => {
  test('the other version’s order contradicts (L27)', async () => {
    const other = [espInVxlan('out', 1), espInVxlan('back', 1)];
    await expectWirVerdict('WIR-05', 'contradicts', { captures: [clearPhase, encrypted(other)], traffic }, /esp-in-vxlan/);
    await expectWirVerdict('WIR-05', 'supports', { intent: { profile: '1.17' }, captures: [clearPhase, encrypted(other)], traffic });
  });
  test('SPIs of both nodes support, a foreign one contradicts', async () => {
    const captures = [clearPhase, encrypted(healthyEsp)];
    const known = { node1: bothWayStates('0x00000003'), node2: bothWayStates('0x00000003') };
    await expectWirVerdict('WIR-06', 'supports', { captures, traffic, outputs: outputsByNode('xfrm-state', known) });
    await expectWirVerdict(
      'WIR-06',
      'contradicts',
      { captures, traffic, outputs: outputsByNode('xfrm-state', { ...known, node2: bothWayStates('0x00000004') }) },
      /does not belong to an SA of node2/,
    );
    await expectWirVerdict('WIR-06', 'inconclusive', { captures, traffic });
  });
});

describe('WIR-08 and WIR-09', () => {
  test('UDP on the port that is no WireGuard contradicts (L30)', async () => {
    const stranger = ethernetFrame(
      ipv4Packet('172.18.0.1', '172.18.0.2', 17, udpDatagram(51871, 51871, Buffer.from('not a handshake at all'))),
    );
    const captures = [clearPhase, encrypted([...healthyWireguard, stranger])];
    await expectWirVerdict('WIR-08', 'contradicts', { intent: { mode: 'wireguard' }, captures, traffic }, /not WireGuard/);
  });
  test('a handshake for another key than the published one contradicts (L19)', async () => {
    const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
    const captures = [clearPhase, encrypted([initiationFrame(key(2)), ...healthyWireguard])];
    const base = { intent: { mode: 'wireguard' as const }, captures, traffic };
    await expectWirVerdict('WIR-08', 'supports', { ...base, outputs: [publishedKeys({ node1: key(1), node2: key(2) })] }, /1 valid/);
    await expectWirVerdict(
      'WIR-08',
      'contradicts',
      { ...base, outputs: [publishedKeys({ node1: key(1), node2: key(3) })] },
      /published key of node2/,
    );
    await expectWirVerdict('WIR-08', 'inconclusive', base, /public key was not read/);
  });
  test('a WireGuard counter that comes twice is a replay', async () => {
    const captures = [clearPhase, encrypted([...healthyWireguard, wireguardFrame('out', 0)])];
    await expectWirVerdict(
      'WIR-08',
      'contradicts',
      { intent: { mode: 'wireguard' }, captures, traffic },
      /counter 0 again with the same content/,
    );
  });
  test('an initialisation vector that repeats contradicts', async () => {
    const again = Buffer.from(espFrame('out', 2));
    again.writeBigUInt64BE(1n, 14 + 20 + 8);
    const captures = [clearPhase, encrypted([...healthyEsp, again])];
    await expectWirVerdict('WIR-09', 'contradicts', { captures, traffic }, /uses the initialisation vector of sequence 1 again for 2/);
  });
  test('the low half of an extended sequence number may fall when the kernel counts the high half up', async () => {
    const captures = [clearPhase, encrypted([espFrame('out', 0xffff_fffe), espFrame('out', 1), espFrame('back', 1)])];
    await expectWirVerdict('WIR-09', 'contradicts', { captures, traffic }, /decreases from 4294967294 to 1/);
  });
  test('a replayed frame contradicts (L29)', async () => {
    const captures = [clearPhase, encrypted([...healthyEsp, espFrame('out', 1)])];
    await expectWirVerdict('WIR-09', 'contradicts', { captures, traffic }, /repeats 1 sequence/);
  });
  test('a sequence number with another content is named (L40)', async () => {
    const captures = [clearPhase, encrypted([...healthyEsp, espFrame('out', 1, 3, 96)])];
    await expectWirVerdict('WIR-09', 'contradicts', { captures, traffic }, /another content/);
  });
});
