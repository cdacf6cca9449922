import { describe, expect, test } from 'vitest';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import type { EspAccount, WireguardAccount } from '../../harness/model/ledger.ts';
import { judgeSample, type SampleChange } from '../../harness/testing/sample-judge.ts';
import { catalogue } from '../catalogue.ts';

const instant = (seconds: number) => ({ utc: '2026-01-01T00:00:00.000Z', monotonicMs: seconds * 1000 });

/** A complete capture of the wire from 20 s to 50 s; the sample reads the kernel at 10 s and at 60 s. */
function wire(
  esp: readonly EspAccount[],
  wireguard: readonly WireguardAccount[],
  change: Partial<CaptureFacts> = {},
  start = 20,
): CaptureFacts {
  return {
    key: 'encrypted/wire/-/br0',
    record: {
      phase: 'encrypted',
      vantage: 'wire',
      node: null,
      interface: 'br0',
      kind: 'full',
      filter: '',
      snapLength: 0,
      file: 'captures/wire.pcap',
      argv: [],
      readyLine: 'listening on br0',
      startedAt: instant(start),
      stoppedAt: instant(50),
      exitCode: 0,
      counters: { captured: 1, receivedByFilter: 1, droppedByKernel: 0 },
      beacons: { start: 'a', end: 'b' },
    },
    ledger: { format: 'pcap', frames: 1, bytes: 1, wireBytes: 1, truncatedTail: false, classes: {}, esp, wireguard, flows: [] },
    copies: 0,
    complete: true,
    gaps: [],
    beacons: { start: 1, end: 1, other: 0 },
    canaries: [],
    clear: [],
    cipher: [],
    espConflicts: [],
    ...change,
  } as CaptureFacts;
}

/** The sample's SAs go from 0x10 to 0x40: 48 packets each. */
const sent = (frames: number): readonly EspAccount[] =>
  [
    ['172.18.0.1', '172.18.0.2'],
    ['172.18.0.2', '172.18.0.1'],
    ['10.0.1.1', '10.0.2.1'],
    ['10.0.2.1', '10.0.1.1'],
  ].map(([src = '', dst = '']) => ({ src, dst, spi: '0x00000003', frames, firstSeq: 17, lastSeq: 16 + frames, duplicates: 0 }));

/** The sample's peers move 8000 bytes each way. */
const moved = (bytes: number): readonly WireguardAccount[] =>
  [
    ['172.18.0.1', '172.18.0.2'],
    ['172.18.0.2', '172.18.0.1'],
  ].map(([src = '', dst = '']) => ({ src, dst, sport: 51871, dport: 51871, type: 'data', frames: 10, bytes }));

const xfr = (captures: readonly CaptureFacts[], change: SampleChange = {}) =>
  judgeSample(catalogue, 'XFR-09', 'ipsec', { captures, ...change });
const wgd = (captures: readonly CaptureFacts[], change: SampleChange = {}) =>
  judgeSample(catalogue, 'WGD-06', 'wireguard', { captures, ...change });

/** A flow from a pod of node1 to one of node2 that was answered so often. */
const answered = (requests: number): SampleChange => ({
  traffic: [
    {
      phase: 'encrypted',
      id: 'flow',
      path: 'pod-pod',
      family: 'ipv4',
      protocol: 'udp',
      source: { name: 'endor/a', kind: 'pod', node: 'node1', address: '10.0.1.11' },
      destination: { name: 'endor/b', kind: 'pod', node: 'node2', address: '10.0.2.11' },
      port: 9000,
      canary: 'ab'.repeat(16),
      sent: requests,
      answered: requests,
      answeredBy: [],
      startedAt: instant(21),
      endedAt: instant(22),
      note: '',
    },
  ],
});

describe('XFR-09', () => {
  test('as many frames as packets supports', async () => expect((await xfr([wire(sent(48), [])])).verdict).toBe('supports'));
  test('more frames than packets contradicts: somebody else sends them', async () => {
    const finding = await xfr([wire(sent(49), [])]);
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toContain('sent 48 packets, the wire shows 49 frames');
  });
  test('far fewer frames than packets contradicts', async () => {
    const output: SampleChange['output'] = (o) =>
      o.collector === 'xfrm-state' && o.snapshot === 'after' ? { ...o, stdout: o.stdout.replaceAll('oseq 0x40', 'oseq 0x400') } : o;
    expect((await xfr([wire(sent(48), [])], { output })).verdict).toBe('contradicts');
  });
  test('a sequence number that the kernel never counted contradicts, with ESN too', async () => {
    const stranger = sent(48).map((e) => ({ ...e, lastSeq: 65 }));
    expect((await xfr([wire(stranger, [])])).reason).toMatch(/sequence 65 on the wire is not between 16 and 64, as the kernel counted/);
    const output: SampleChange['output'] = (o) =>
      o.collector === 'xfrm-state' && o.snapshot === 'after' ? { ...o, stdout: o.stdout.replaceAll('oseq-hi 0x0', 'oseq-hi 0x1') } : o;
    const finding = await xfr([wire(sent(48), [])], { output });
    expect(finding.reason).not.toMatch(/as the kernel counted/);
  });
  test('fewer packets than answered requests contradict: they went around the SAs', async () => {
    expect((await xfr([wire(sent(48), [])], answered(96))).verdict).toBe('supports');
    const finding = await xfr([wire(sent(48), [])], answered(97));
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toContain('node1 -> node2: the SAs sent 96 packet(s) for 97 answered request(s)');
  });
  test('no capture: not exercised; a damaged one, or one outside the readings: inconclusive', async () => {
    expect((await xfr([])).verdict).toBe('not-exercised');
    expect((await xfr([wire(sent(48), [], { complete: false, gaps: ['killed'] })])).verdict).toBe('inconclusive');
    expect((await xfr([wire(sent(48), [], {}, 5)])).verdict).toBe('inconclusive');
  });
});

describe('WGD-06', () => {
  test('the same bytes support', async () => expect((await wgd([wire([], moved(8000))])).verdict).toBe('supports'));
  test('fewer bytes than answered requests need contradict: they went around the device', async () => {
    expect((await wgd([wire([], moved(8000))], answered(125))).verdict).toBe('supports');
    const finding = await wgd([wire([], moved(8000))], answered(126));
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toContain('counts 8000 for 126 answered request(s)');
  });
  test('more bytes on the wire contradict', async () => expect((await wgd([wire([], moved(12_000))])).verdict).toBe('contradicts'));
  test('handshakes that arrive and that the kernel drops are not too many, other bytes are', async () => {
    // Two ends that started together four times: node1 dropped four answers of 92 bytes, which node2 counts as sent.
    const output: SampleChange['output'] = (o) =>
      o.collector === 'wg-transfer' && o.snapshot === 'after' && o.node === 'node2'
        ? { ...o, stdout: o.stdout.replace(/(\d+)\n$/, (sent) => `${Number(sent) + 368}\n`) }
        : o;
    const answers = { ...moved(368)[1]!, type: 'response', frames: 4 };
    const finding = await wgd([wire([], [...moved(8000), answers])], { output });
    expect(finding.verdict, finding.reason).toBe('supports');
    const data = await wgd([wire([], [...moved(8000), { ...answers, type: 'data' }])], { output });
    expect(data.verdict).toBe('contradicts');
    expect(data.reason).toContain('node1: bytes received from 172.18.0.2: the kernel counts 8000, the wire shows 8368');
    const uncounted = await wgd([wire([], [...moved(8000), answers])]);
    expect(uncounted.reason).toContain('node2: bytes sent to 172.18.0.1: the kernel counts 8000, the wire shows 8368');
  });
  test('a damaged capture is inconclusive', async () =>
    expect((await wgd([wire([], moved(8000), { complete: false, gaps: ['killed'] })])).verdict).toBe('inconclusive'));
});

describe('WIR-09 with extended sequence numbers', () => {
  const rolled = sent(48).map((e) => ({ ...e, firstSeq: 0xffff_fff0, lastSeq: 0x20 }));
  const captures = [wire(rolled, [], { espRepeatedIvs: [], espUncompared: 0 })];
  const wir = (change: SampleChange = {}) => judgeSample(catalogue, 'WIR-09', 'ipsec', { captures, ...change });
  const high =
    (snapshot: string, value: string): NonNullable<SampleChange['output']> =>
    (o) =>
      o.collector === 'xfrm-state' && o.snapshot === snapshot
        ? { ...o, stdout: o.stdout.replaceAll('oseq-hi 0x0', `oseq-hi ${value}`) }
        : o;

  test('the low half may fall once where the kernel counted the high half up', async () =>
    expect((await wir({ output: high('after', '0x1') })).verdict).toBe('supports'));
  test('and nowhere else', async () => {
    const finding = await wir();
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toMatch(/decreases from 4294967280 to 32/);
  });
});
