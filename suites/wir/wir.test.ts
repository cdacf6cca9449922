import { describe, expect, test } from 'vitest';
import { judge } from '../../harness/judge/judge.ts';
import { clearPing } from '../../harness/testing/node-frames.ts';
import { espPacket, ethernetFrame, ipv4Packet, udpDatagram } from '../../harness/testing/packets.ts';
import { buildRecording, type CaptureParts, flow, type RecordingParts } from '../../harness/testing/recording.ts';
import { checksOf } from '../catalogue.ts';

import {
  CLEAR_CANARY,
  clearPhase,
  encrypted,
  expectWirVerdict,
  healthyEsp,
  healthyWireguard,
  JUDGED_CANARY,
  traffic,
  wirVerdicts,
} from './testdata/wir-recording.ts';

describe('a healthy recording', () => {
  test.each(['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-05', 'WIR-09', 'WIR-12'])('%s supports IPsec', async (id) => {
    await expectWirVerdict(id, 'supports', { captures: [clearPhase, encrypted(healthyEsp)], traffic });
  });

  test.each(['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-08', 'WIR-12'])('%s supports WireGuard', async (id) => {
    await expectWirVerdict(id, 'supports', { intent: { mode: 'wireguard' }, captures: [clearPhase, encrypted(healthyWireguard)], traffic });
  });

  test('checks of the other mode do not apply', async () => {
    const found = await wirVerdicts({ captures: [clearPhase, encrypted(healthyEsp)], traffic });
    expect(found.get('WIR-08')?.verdict).toBe('not-applicable');
    expect(found.get('WIR-07')?.reason).toMatch(/no kernel printed the key of an SA/);
    expect(found.get('WIR-07')?.verdict).toBe('not-exercised');
  });
});

describe('encryption off though claimed (L01)', () => {
  const off: RecordingParts = { captures: [clearPhase, encrypted([clearPing(8, JUDGED_CANARY), clearPing(0, JUDGED_CANARY)])], traffic };

  test('WIR-01 names the flow and where it was seen', async () => {
    await expectWirVerdict('WIR-01', 'contradicts', off, /demo\/a -> demo\/b.*2 frame\(s\) in the clear.*vxlan.*pod-pod\/icmp\/a\/b/);
  });
  test('the flow has its first readable frame, and what was driven by nobody too', async () => {
    const { flows } = await judge(buildRecording(off), checksOf('WIR'));
    expect(flows.map(({ firstReadable }) => firstReadable?.frame)).toEqual([2]);
    const stray = ethernetFrame(ipv4Packet('10.0.1.11', '10.0.2.10', 6, Buffer.alloc(20)));
    const { verdicts } = await judge(
      buildRecording({ captures: [clearPhase, encrypted([...healthyEsp, stray])], traffic }),
      checksOf('WIR'),
    );
    const fact = verdicts.find(({ id }) => id === 'WIR-01')!.facts.find(({ frame }) => frame !== undefined);
    expect(fact).toMatchObject({ frame: 4, capture: flows[0]!.firstReadable!.capture });
  });
  test('WIR-02 names the direction without ciphertext', async () => {
    await expectWirVerdict('WIR-02', 'contradicts', off, /no esp frame went node1 -> node2; .*no esp frame went node2 -> node1/);
  });
  test('WIR-03 names the canary', async () => {
    await expectWirVerdict('WIR-03', 'contradicts', off, new RegExp(`canary ${JUDGED_CANARY} of flow pod-pod`));
  });
});

describe('WIR-01', () => {
  test('one direction in the clear is enough, and is named (L05, L52, L80)', async () => {
    const oneWay = (type: 0 | 8): RecordingParts => ({
      captures: [clearPhase, encrypted([...healthyEsp, clearPing(type, JUDGED_CANARY)])],
      traffic,
    });
    await expectWirVerdict('WIR-01', 'contradicts', oneWay(0), /1 frame\(s\) in the clear, all of them answers, the first/);
    await expectWirVerdict('WIR-01', 'contradicts', oneWay(8), /1 frame\(s\) in the clear, all of them requests, the first/);
  });
  test('a later fragment between pods, whose first was not seen, is of any flow between them (L28d)', async () => {
    const fragment = ethernetFrame(ipv4Packet('10.0.1.11', '10.0.2.10', 17, Buffer.from('the middle of a datagram')));
    fragment.writeUInt16BE(185, 14 + 6);
    const found = await wirVerdicts({ captures: [clearPhase, encrypted([...healthyEsp, fragment])], traffic });
    expect(found.get('WIR-01')?.verdict, found.get('WIR-01')?.reason).toBe('contradicts');
    expect(found.get('WIR-04')?.verdict).toBe('inconclusive');
  });
  test('a later fragment between nodes may be of anything: not proven either way', async () => {
    const fragment = ethernetFrame(ipv4Packet('172.18.0.1', '172.18.0.2', 17, Buffer.from('the middle of a datagram')));
    fragment.writeUInt16BE(185, 14 + 6);
    await expectWirVerdict(
      'WIR-01',
      'inconclusive',
      { captures: [clearPhase, encrypted([...healthyEsp, fragment])], traffic },
      /1 unknown/,
    );
  });
  test('plaintext that nobody drove counts too', async () => {
    const stranger = ethernetFrame(ipv4Packet('10.0.1.77', '10.0.2.88', 17, udpDatagram(5000, 5001, Buffer.from('hello'))));
    await expectWirVerdict(
      'WIR-01',
      'contradicts',
      { captures: [clearPhase, encrypted([...healthyEsp, stranger])], traffic },
      /undriven traffic/,
    );
  });
  test('a frame that cannot be read leaves it open', async () => {
    const odd = ethernetFrame(Buffer.alloc(60, 1), 0x1234);
    await expectWirVerdict('WIR-01', 'inconclusive', { captures: [clearPhase, encrypted([...healthyEsp, odd])], traffic }, /1 unknown/);
  });
  test('nothing driven proves nothing', async () => {
    await expectWirVerdict('WIR-01', 'inconclusive', { captures: [clearPhase, encrypted(healthyEsp)], traffic: [] }, /no flow/);
  });
  test('no capture proves nothing', async () => {
    await expectWirVerdict('WIR-01', 'inconclusive', { captures: [], traffic }, /no capture on the wire/);
  });
  test('an unknown version proves nothing', async () => {
    await expectWirVerdict('WIR-01', 'inconclusive', {
      intent: { profile: '9.9' },
      captures: [clearPhase, encrypted(healthyEsp)],
      traffic,
    });
  });
});

describe('WIR-02', () => {
  test('nothing answered proves nothing (L04)', async () => {
    const blocked = [flow('clear', CLEAR_CANARY), flow('encrypted', JUDGED_CANARY, { answered: 0 })];
    await expectWirVerdict(
      'WIR-02',
      'inconclusive',
      { captures: [clearPhase, encrypted(healthyEsp)], traffic: blocked },
      /no request of .* was answered/,
    );
  });
  test('the other mode’s ciphertext is not this one’s (L02)', async () => {
    await expectWirVerdict('WIR-02', 'contradicts', { captures: [clearPhase, encrypted(healthyWireguard)], traffic });
  });
});

describe('WIR-03', () => {
  test('without a positive control it proves nothing', async () => {
    await expectWirVerdict('WIR-03', 'inconclusive', { captures: [encrypted(healthyEsp)], traffic }, /positive control missing/);
  });
  test('a canary inside what looks like ESP is a canary on the wire', async () => {
    const fake = Buffer.concat([espPacket(3, 7, 16), Buffer.from(JUDGED_CANARY, 'hex'), Buffer.alloc(16)]);
    const frame = ethernetFrame(ipv4Packet('172.18.0.1', '172.18.0.2', 50, fake));
    await expectWirVerdict('WIR-03', 'contradicts', { captures: [clearPhase, encrypted([...healthyEsp, frame])], traffic }, /class clear/);
  });
});

describe('WIR-04: a capture that lies supports nothing (L31)', () => {
  const lies: [string, Partial<CaptureParts>, RegExp][] = [
    ['kernel drops', { record: { counters: { captured: 4, receivedByFilter: 9, droppedByKernel: 5 } } }, /kernel dropped 5/],
    ['killed tcpdump', { record: { counters: null } }, /closing counters are missing/],
    ['beacons not seen', { blind: true }, /beacon at the start was not seen/],
    ['file cut in a record', { cut: 5 }, /ends inside a record/],
    [
      'file without the frames that were counted',
      { record: { counters: { captured: 9, receivedByFilter: 9, droppedByKernel: 0 } } },
      /captured 9 packet/,
    ],
    ['file without a header', { cut: 10_000 }, /could not be read|empty/],
  ];
  test.each(lies)('%s', async (_, lie, reason) => {
    const synthetic = { captures: [clearPhase, encrypted(healthyEsp, lie)], traffic };
    await expectWirVerdict('WIR-04', 'inconclusive', synthetic, reason);
    await expectWirVerdict('WIR-01', 'inconclusive', synthetic);
    await expectWirVerdict('WIR-02', 'inconclusive', synthetic);
    await expectWirVerdict('WIR-03', 'inconclusive', synthetic);
  });
});
