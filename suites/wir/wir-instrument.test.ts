import { describe, expect, test } from 'vitest';
import type { CaptureRecord, RecordingManifest, TrafficRecord } from '../../harness/model/recording.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import type { MemoryRecording } from '../../harness/testing/memory-recording.ts';
import { beacon, clearPing, espFrame, wireguardFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, icmpEcho, ipv4Packet } from '../../harness/testing/packets.ts';
import { buildRecording, type CaptureParts, flow, instantAt } from '../../harness/testing/recording.ts';
import { checksOf } from '../catalogue.ts';

const CLEAR = 'c1ea'.repeat(8);
const SECRET = '5ec2'.repeat(8);
const HOSTS = 'b057'.repeat(8);
const [NODE1, NODE2] = ['172.18.0.1', '172.18.0.2'] as const;
const NODE_FLOW = 'node-node/icmp/node1/node2';
const between = flow('encrypted', HOSTS, {
  id: NODE_FLOW,
  path: 'node-node',
  source: { name: 'node1', kind: 'node', node: 'node1', address: NODE1 },
  destination: { name: 'node2', kind: 'node', node: 'node2', address: NODE2 },
});
const traffic = [flow('clear', CLEAR), flow('encrypted', SECRET), between];
const hostPing = (type: 8 | 0): Buffer => {
  const [src, dst] = type === 8 ? [NODE1, NODE2] : [NODE2, NODE1];
  return ethernetFrame(ipv4Packet(src, dst, 1, icmpEcho(type, Buffer.from(HOSTS, 'hex'))));
};
const clearPhase: CaptureParts = { phase: 'clear', frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] };
const healthy = [espFrame('out', 1), espFrame('back', 1), hostPing(8), hostPing(0)];
const tap = (more: Partial<CaptureParts> = {}): CaptureParts => ({ phase: 'encrypted', frames: healthy, ...more });
const nic = (node: string, frames: readonly Uint8Array[]): CaptureParts => ({
  phase: 'encrypted',
  record: { vantage: 'nic', node },
  frames,
});
const recordingOf = (captures: readonly CaptureParts[], flows: readonly TrafficRecord[] = traffic): MemoryRecording =>
  buildRecording({ captures, traffic: flows });

async function verdictsOf(recording: MemoryRecording): Promise<ReadonlyMap<string, VerdictText>> {
  const { verdicts } = await judgeAsText(recording, checksOf('WIR'));
  return new Map(verdicts.map((v) => [v.id, v]));
}

async function expectVerdict(id: string, verdict: Verdict, recording: MemoryRecording, reason: RegExp = /./): Promise<void> {
  const found = (await verdictsOf(recording)).get(id);
  expect(found?.verdict, found?.reason).toBe(verdict);
  expect(found?.reason).toMatch(reason);
}

/** The recording with another record of its judged capture. */
function relabelled(captures: readonly CaptureParts[], change: (record: CaptureRecord) => CaptureRecord): MemoryRecording {
  return altered(recordingOf(captures), (m) => ({ captures: m.captures.map((c) => (c.phase === 'encrypted' ? change(c) : c)) }));
}

function altered(recording: MemoryRecording, change: (manifest: RecordingManifest) => Partial<RecordingManifest>): MemoryRecording {
  return { ...recording, manifest: { ...recording.manifest, ...change(recording.manifest) } };
}

describe('an instrument that was not what the record says', () => {
  const log =
    'tcpdump: listening on br0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n6 packets captured\n6 packets received by filter\n0 packets dropped by kernel\n';
  const lies: [string, Partial<CaptureParts>, RegExp][] = [
    ['a filter', { record: { filter: 'esp' } }, /was given the filter "".*not that of a full capture/],
    [
      'a filter on the command line only',
      { record: { argv: 'tcpdump -i br0 -s 262144 -w x esp'.split(' ') } },
      /was given the filter "esp"/,
    ],
    ['another interface on the command line', { record: { argv: 'tcpdump -i br1 -s 262144 -w x'.split(' ') } }, /says to listen on br1/],
    ['another interface in the ready line', { record: { readyLine: 'tcpdump: listening on br1' } }, /listened on br1, the record says br0/],
    ['one direction only', { record: { argv: 'tcpdump -Q in -i br0 -s 262144 -w x'.split(' ') } }, /ran with -Q in/],
    ['another program', { record: { argv: ['cp', 'a', 'b'] } }, /"cp a b", which is no tcpdump/],
    ['a snap length on the command line', { record: { argv: 'tcpdump -i br0 -s 96 -w x'.split(' ') } }, /given the snap length 96/],
    ['a snap length in the ready line', { record: { readyLine: 'listening on br0, capture size 96 bytes' } }, /with snap length 96/],
    ['drops of the interface', { log: `${log}9 packets dropped by interface\n` }, /the interface dropped 9/],
    ['closing counters of another capture', { log: log.replaceAll('6 packets', '5 packets') }, /counters of the record are not those/],
    ['a ready line of another capture', { log: log.replace('br0', 'eth9') }, /printed ".*eth9/],
  ];
  test('without a lie it supports', () => expectVerdict('WIR-01', 'supports', recordingOf([clearPhase, tap({ log })])));
  test.each(lies)('%s', async (_, lie, reason) => {
    const recording = recordingOf([clearPhase, tap(lie)]);
    await expectVerdict('WIR-04', 'inconclusive', recording, reason);
    for (const id of ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-11']) await expectVerdict(id, 'inconclusive', recording);
  });
  test('what tcpdump printed is gone', async () => {
    const recording = altered(recordingOf([clearPhase, tap()]), (m) => ({ files: m.files.filter(({ path }) => !path.endsWith('1.log')) }));
    await expectVerdict('WIR-01', 'inconclusive', recording, /what tcpdump printed is not in the recording/);
  });
});

describe('an instrument that is blind to what is clear', () => {
  test('no clear frame of traffic that is clear by design and was answered', async () => {
    const recording = recordingOf([clearPhase, tap({ frames: healthy.slice(0, 2) })]);
    await expectVerdict(
      'WIR-11',
      'inconclusive',
      recording,
      /no frame of it was seen node1 -> node2, node2 -> node1: .*does not show clear/,
    );
  });
  test('one direction only: a leg of the link that nobody sees', async () => {
    const recording = recordingOf([clearPhase, tap({ frames: healthy.slice(0, 3) })]);
    await expectVerdict('WIR-11', 'inconclusive', recording, /no frame of it was seen node2 -> node1: /);
  });
});

describe('numbers that are missing', () => {
  test('a hole in the sequence numbers of an SA', async () => {
    const frames = [espFrame('out', 1), espFrame('out', 2), espFrame('out', 9), ...healthy.slice(1)];
    const recording = recordingOf([clearPhase, tap({ frames })]);
    await expectVerdict('WIR-01', 'inconclusive', recording, /6 of 9 packets of SPI 0x00000003 172\.18\.0\.1 > 172\.18\.0\.2 are missing/);
  });
  test('a hole in the counters of a WireGuard session', async () => {
    const frames = [wireguardFrame('out', 0), wireguardFrame('out', 5), wireguardFrame('back', 0), ...healthy.slice(2)];
    const recording = buildRecording({ intent: { mode: 'wireguard' }, captures: [clearPhase, tap({ frames })], traffic });
    await expectVerdict('WIR-01', 'inconclusive', recording, /4 of 6 packets of WireGuard session/);
  });
  test('packets that came in another order are all there', () =>
    expectVerdict('WIR-01', 'supports', recordingOf([clearPhase, tap({ frames: [espFrame('out', 2), ...healthy] })])));
});

describe('the order of beacons and traffic', () => {
  const beacons = [beacon('start'), beacon('end')];
  test('both beacons before all traffic prove nothing of it', async () => {
    const recording = recordingOf([clearPhase, tap({ blind: true, frames: [...beacons, ...healthy] })]);
    await expectVerdict('WIR-01', 'inconclusive', recording, /2 frame\(s\) of driven flows came after the beacon at the end \(frame 2\)/);
  });
  test('both beacons after all traffic prove nothing of it', async () => {
    const recording = recordingOf([clearPhase, tap({ blind: true, frames: [...healthy, ...beacons] })]);
    await expectVerdict('WIR-01', 'inconclusive', recording, /2 frame\(s\) of driven flows came before the beacon at the start/);
  });
  test('the number of a part excuses nothing outside of a long watch', async () => {
    const begun = [hostPing(8), beacon('start'), ...healthy, beacon('end')];
    const part = (number: number, frames: readonly Buffer[]) => tap({ blind: true, frames, record: { part: number } });
    const both = recordingOf([clearPhase, part(1, [beacon('start'), ...healthy, beacon('end')]), part(2, begun)]);
    await expectVerdict('WIR-04', 'inconclusive', both, /1 frame\(s\) .* came before the beacon/);
  });
  test('ciphertext outside of the beacons does not count', async () => {
    const frames = [beacon('start'), ...healthy.slice(2), beacon('end'), ...healthy.slice(0, 2)];
    await expectVerdict('WIR-02', 'inconclusive', recordingOf([clearPhase, tap({ blind: true, frames })]), /only 0 esp frames between/);
  });
  test('the end before the start', async () => {
    const frames = [beacon('end'), ...healthy, beacon('start')];
    await expectVerdict(
      'WIR-01',
      'inconclusive',
      recordingOf([clearPhase, tap({ blind: true, frames })]),
      /came before the one at the start/,
    );
  });
});

describe('times', () => {
  const listened = (from: number, to: number, driven: [number, number]): MemoryRecording =>
    altered(recordingOf([clearPhase, tap()]), (m) => ({
      captures: m.captures.map((c) => (c.phase === 'encrypted' ? { ...c, startedAt: instantAt(from), stoppedAt: instantAt(to) } : c)),
      traffic: m.traffic.map((t) =>
        t.phase === 'encrypted' ? { ...t, startedAt: instantAt(driven[0]), endedAt: instantAt(driven[1]) } : t,
      ),
    }));
  test('the capture covers the flows', () => expectVerdict('WIR-01', 'supports', listened(10, 20, [12, 18])));
  test.each<[string, [number, number]]>([
    ['the tap started after the flows began', [5, 18]],
    ['the tap stopped before the flows ended', [12, 25]],
    ['the flows came an hour after the capture', [3610, 3620]],
  ])('%s', (_, driven) =>
    expectVerdict('WIR-01', 'inconclusive', listened(10, 20, driven), /2 of 2 flow\(s\) were driven when it did not listen: pod-pod/),
  );
});

describe('uplinks', () => {
  const readable = [...healthy, clearPing(8, SECRET)];
  test('plaintext that only the sender’s uplink shows contradicts, tap or not', async () => {
    const recording = recordingOf([clearPhase, tap(), nic('node1', readable), nic('node2', healthy)]);
    await expectVerdict('WIR-01', 'contradicts', recording, /1 frame\(s\) in the clear.*encrypted\/nic\/node1\/eth0/);
    await expectVerdict('WIR-03', 'contradicts', recording, new RegExp(`canary ${SECRET}`));
  });
  test('plaintext that tap and uplink show is counted once', async () => {
    const recording = recordingOf([clearPhase, tap({ frames: readable }), nic('node1', readable), nic('node2', healthy)]);
    await expectVerdict('WIR-01', 'contradicts', recording, /1 frame\(s\) in the clear.*encrypted\/wire/);
  });
  test('one uplink is missing beside the tap', () =>
    expectVerdict('WIR-13', 'inconclusive', recordingOf([clearPhase, tap(), nic('node1', healthy)]), /no uplink of node2 was captured/));
  test('another device stands for the uplink', async () => {
    const wrong = relabelled([clearPhase, nic('node1', healthy), nic('node2', healthy)], (c) =>
      c.node === 'node1'
        ? { ...c, interface: 'eth1', argv: c.argv.map((w) => (w === 'eth0' ? 'eth1' : w)), readyLine: 'listening on eth1' }
        : c,
    );
    await expectVerdict('WIR-01', 'inconclusive', wrong, /eth1 is not the uplink of node1, which is eth0/);
  });
  test('without a tap sender and receiver are compared, and each frame is counted once', async () => {
    const recording = recordingOf([clearPhase, nic('node1', healthy), nic('node2', healthy)]);
    await expectVerdict('WIR-13', 'supports', recording, /2 directions between uplinks/);
    const found = (await verdictsOf(recording)).get('WIR-02');
    expect(found?.observed).toBe('esp node1 -> node2: 1, esp node2 -> node1: 1');
    const blind = recordingOf([clearPhase, nic('node1', healthy), nic('node2', healthy.slice(1))]);
    await expectVerdict('WIR-13', 'contradicts', blind, /node1 -> node2: 1 left at encrypted\/nic\/node1\/eth0, 0 arrived/);
  });
});

describe('one thing that is written down twice is one thing', () => {
  test('one capture under two records', async () => {
    const twice = altered(recordingOf([clearPhase, tap(), nic('node1', healthy), nic('node2', healthy)]), (m) => ({
      captures: [...m.captures, ...m.captures.filter(({ vantage, phase }) => vantage === 'wire' && phase === 'encrypted')],
    }));
    const frames = Array.from({ length: 40 }, (_, n) => espFrame('out', n + 1));
    expect((await verdictsOf(twice)).get('WIR-13')?.verdict).toBe('supports');
    const many = [...frames, ...healthy.slice(1)];
    const busy = altered(recordingOf([clearPhase, tap({ frames: many }), nic('node1', many), nic('node2', many)]), (m) => ({
      captures: [...m.captures, ...m.captures.filter(({ vantage, phase }) => vantage === 'wire' && phase === 'encrypted')],
    }));
    await expectVerdict('WIR-13', 'supports', busy, /2 uplinks/);
  });
});

describe('a positive control is a canary that was sent and seen between the ends of its flow', () => {
  const unsent = traffic.map((t) => (t.phase === 'clear' ? { ...t, sent: 0, answered: 0 } : t));
  test('a canary on record that was never sent', () =>
    expectVerdict('WIR-03', 'inconclusive', recordingOf([clearPhase, tap()], unsent), /positive control missing/));
  test('a canary that is seen between other ends', async () => {
    const elsewhere = ethernetFrame(ipv4Packet('198.51.100.1', '198.51.100.2', 1, icmpEcho(8, Buffer.from(CLEAR, 'hex'))));
    await expectVerdict(
      'WIR-03',
      'inconclusive',
      recordingOf([{ phase: 'clear', frames: [elsewhere] }, tap()]),
      /positive control missing/,
    );
  });
});
