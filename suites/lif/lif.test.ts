import { describe, expect, test } from 'vitest';
import { WIREGUARD_STATE } from '../../harness/decode/kernel/wireguard-subcommands.ts';
import type { Recording } from '../../harness/model/recording.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { clearPing } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../harness/testing/packets.ts';
import { twoNodes } from '../../harness/testing/two-nodes.ts';
import { load, type WindowOutput, type WindowStory, windowInstant, windowRecording } from '../../harness/testing/window-recording.ts';
import { checksOf } from '../catalogue.ts';

const CANARY = 'ab'.repeat(16);

async function judged(id: string, recording: Recording): Promise<VerdictText> {
  const { verdicts } = await judgeAsText(recording, checksOf('LIF'));
  const found = verdicts.find((v) => v.id === id);
  if (found === undefined) throw new RangeError(`${id} was not judged`);
  return found;
}
const verdictOf = (id: string, story: WindowStory) => judged(id, windowRecording(story));
const clearAt = (at: number) => ({ at, bytes: clearPing(8, CANARY) });
const lossOf = (n: number) =>
  load(
    {},
    Array.from({ length: n }, (_, i) => 10 + i),
  );

const sa = (src: string, dst: string) => `src ${src} dst ${dst}\n\tproto esp spi 0x00000003 reqid 1 mode tunnel\n\treplay-window 0 \n`;
const between = sa('172.18.0.1', '172.18.0.2') + sa('172.18.0.2', '172.18.0.1');
const states = (snapshot: WindowOutput['snapshot'], node1: string, node2 = node1): WindowOutput[] => [
  { snapshot, node: 'node1', collector: 'xfrm-state', stdout: node1 },
  { snapshot, node: 'node2', collector: 'xfrm-state', stdout: node2 },
];

const silentAtTheEnd = load({
  answered: 195,
  load: {
    intervalMs: 50,
    longestGapMs: 60,
    losses: [196, 197, 198, 199, 200].map((sequence) => ({ sequence, at: windowInstant(28) })),
  },
});

const restart: WindowStory = {
  scenario: 'agent-restart',
  sentinel: [],
  cipher: [],
  events: [{ event: 'agent-restart', at: 5, detail: { node: 'node1' } }],
};
const churnLoad = load({ id: 'churn', source: { name: 'demo/churn-1', kind: 'pod', node: 'node1', address: '10.0.1.77' } });
const churn: WindowStory = {
  scenario: 'pod-churn',
  sentinel: [],
  cipher: [],
  traffic: [load(), churnLoad],
  events: [
    { event: 'pod-added', at: 5, detail: { pod: 'demo/churn-1', node: 'node1' } },
    { event: 'pod-deleted', at: 15, detail: { pod: 'demo/churn-1' } },
  ],
};
const joined: WindowStory = {
  scenario: 'node-join',
  sentinel: [],
  cipher: [],
  outputs: states('end', between),
  events: [{ event: 'node-joined', at: 5, detail: { node: 'node2' } }],
};
const left: WindowStory = {
  scenario: 'node-leave',
  sentinel: [],
  cipher: [],
  outputs: states('end', ''),
  events: [{ event: 'node-left', at: 5, detail: { node: 'node2' } }],
};
const off = (over: Readonly<Record<string, string | null>> = {}): WindowOutput[] =>
  ['node1', 'node2'].flatMap((node) =>
    Object.entries({
      'xfrm-state': '',
      'xfrm-policy': '',
      'ip-rule': '100:\tfrom all lookup local\n',
      'ip-route-200': '',
      'encrypt-status': 'Encryption: Disabled\n',
      ...over,
    }).flatMap(([collector, stdout]) => (stdout === null ? [] : [{ snapshot: 'end' as const, node, collector, stdout }])),
  );
const cutOff: WindowStory = {
  scenario: 'node-restart',
  sentinel: [],
  cipher: [],
  traffic: [load({}, [3, 4, 5])],
  events: [{ event: 'node-restarted', at: 8, detail: { node: 'node2' } }],
};
const started: WindowStory = {
  scenario: 'agent-start',
  sentinel: [],
  cipher: [],
  events: [{ event: 'agent-started', at: 5, detail: { node: 'node2' } }],
};
/** What `wg show cilium_wg0` says at the end on both nodes. */
const wireguard = (what: string, over: Partial<WindowOutput>): WindowOutput[] =>
  ['node1', 'node2'].map((node) => ({ snapshot: 'end', node, collector: `wg-${what}`, stdout: '', ...over }));
const withoutDevice = wireguard('public-key', { exitCode: 1, stderr: 'Unable to access interface: No such device\n' });
const deviceLeft = WIREGUARD_STATE.flatMap((what) =>
  wireguard(what, { stdout: what === 'public-key' ? 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n' : '' }),
);
const disabled: WindowStory = {
  scenario: 'disable',
  sentinel: [clearAt(20)],
  cipher: [],
  outputs: off(),
  events: [
    { event: 'disabling', at: 10 },
    { event: 'disabled', at: 12 },
  ],
};
const healthy: Readonly<Record<string, WindowStory>> = {
  'LIF-01': restart,
  'LIF-02': churn,
  'LIF-03': joined,
  'LIF-04': disabled,
  'LIF-05': { ...restart, scenario: 'upgrade' },
  'LIF-07': started,
};

describe('healthy', () => {
  test.each(Object.entries(healthy))('%s supports', async (id, story) => {
    const found = await verdictOf(id, story);
    expect(found.verdict, found.reason).toBe('supports');
  });
  test('LIF-03 supports for a node that left', async () => {
    const found = await verdictOf('LIF-03', left);
    expect(found.verdict, found.reason).toBe('supports');
  });
  test('LIF-07 supports for a node that was restarted, whatever was lost meanwhile', async () => {
    const found = await verdictOf('LIF-07', cutOff);
    expect(found.verdict, found.reason).toBe('supports');
  });
  test('LIF-02 supports for a pod that is deleted while it sends, and says whether its address was used again', async () => {
    const added = (pod: string, at: number, address: string) => [
      { event: 'pod-added', at, detail: { pod, node: 'node1', addresses: [address] } },
      { event: 'pod-deleting', at: at + 4, detail: { pod } },
      { event: 'pod-deleted', at: at + 5, detail: { pod } },
    ];
    const second = load({ id: 'second', source: { ...churnLoad.source, name: 'demo/churn-2' } });
    const story = (address: string): WindowStory => ({
      ...churn,
      scenario: 'pod-delete',
      traffic: [load(), churnLoad, second],
      events: [...added('demo/churn-1', 5, '10.0.1.77'), ...added('demo/churn-2', 15, address)],
    });
    const reused = await verdictOf('LIF-02', story('10.0.1.77'));
    expect(reused.verdict, reused.reason).toBe('supports');
    expect(reused.reason).toMatch(/address 10\.0\.1\.77 was used again/);
    expect((await verdictOf('LIF-02', story('10.0.1.78'))).reason).toMatch(/no address of a deleted pod was used again/);
  });
  test('LIF-01 allows what real agents lost', async () =>
    expect((await verdictOf('LIF-01', { ...restart, traffic: [lossOf(5)] })).verdict).toBe('supports'));
  test('LIF-04 supports under WireGuard when the device is gone', async () => {
    const found = await verdictOf('LIF-04', { ...disabled, intent: { mode: 'wireguard' }, outputs: [...off(), ...withoutDevice] });
    expect(found.verdict, found.reason).toBe('supports');
  });
  test('LIF-04 with TLS wants answers at the end: a redirection that is left is a black hole', async () => {
    const intent = { stack: 'mesh-tls', mode: 'tls', routing: 'native', profile: 'hbone', perTunnelKeys: false } as const;
    const [POD1, POD2] = ['10.0.1.11', '10.0.2.11'];
    const request = tcpSegment(40_000, 80, 1, Buffer.from(`POST / HTTP/1.1\r\nX-Canary: ${CANARY}\r\n\r\n`));
    const sentinel = [{ at: 20, bytes: ethernetFrame(ipv4Packet(POD1, POD2, 6, request)) }];
    const flow = { id: 'load/tcp', protocol: 'tcp', port: 80 } as const;
    const rules = (a: string, b: string): WindowOutput[] => states('end', a, b).map((output) => ({ ...output, collector: 'pod-rules' }));
    const none = rules('# pod demo/a\n', '# pod demo/b\n');
    const ended = (traffic: WindowStory['traffic'], outputs = none) =>
      verdictOf('LIF-04', { ...disabled, intent, sentinel, outputs, traffic: traffic! });
    const found = await ended([load(flow)]);
    expect(found.verdict, found.reason).toBe('supports');
    for (const [outputs, reason] of [
      [[], /node1 end: pod-rules: not in the recording/],
      [rules('# pod demo/a\n', ''), /node2 end: the rules of demo\/b were not read/],
    ] as const)
      expect(await ended([load(flow)], [...outputs])).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) });
    const left = 'table ip tls_mesh {\n\tchain outbound {\n\t\tip daddr 10.0.2.11 meta l4proto tcp dnat to 10.0.1.11:15001\n\t}\n}\n';
    expect(await ended([load(flow)], rules(`# pod demo/a\n${left}`, '# pod demo/b\n'))).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining('demo/a is still enrolled after the mesh was turned off'),
    });
    const silent = await ended([load(flow), { ...silentAtTheEnd, ...flow, id: 'load/stuck' }]);
    expect(silent.verdict).toBe('contradicts');
    expect(silent.reason).toContain('load/stuck: its last requests got no answer after encryption was turned off');
  });
  test('LIF-04 names the block policy that 1.18 leaves', async () => {
    const block = 'src 0.0.0.0/0 dst 0.0.0.0/0 \n\tdir out action block priority 100 ptype main \n\tmark 0xe00/0xf00 \n';
    const found = await verdictOf('LIF-04', { ...disabled, outputs: off({ 'xfrm-policy': block }) });
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/out block policy .* is left, which this version does not remove/);
    const older = await verdictOf('LIF-04', { ...disabled, intent: { profile: '1.14' }, outputs: off({ 'xfrm-policy': block }) });
    expect(older.verdict).toBe('contradicts');
  });
  test.each(Object.keys(healthy))('%s is not exercised in another scenario', async (id) => {
    const found = await verdictOf(id, { ...restart, scenario: 'rotation' });
    expect(found.verdict).toBe('not-exercised');
  });
});

describe('contradicts', () => {
  test.each<[string, string, WindowStory, RegExp]>([
    ['LIF-01', 'L41 plaintext', { ...restart, sentinel: [clearAt(6)] }, /1 frame\(s\) of flow .* in the clear, 6\.000 s/],
    ['LIF-01', 'too many lost', { ...restart, traffic: [lossOf(6)] }, /6 of 200 requests lost, allowed 5/],
    [
      'LIF-02',
      'L23 the first packet of a pod nobody knows',
      { ...churn, traffic: [churnLoad], sentinel: [{ at: 5.1, bytes: clearPing(8, 'cd'.repeat(16)) }] },
      /undriven traffic in the clear/,
    ],
    [
      'LIF-03',
      'a node that nobody knows',
      { ...joined, outputs: states('end', '') },
      /node1 end: no SA and no peer for node2, which joined/,
    ],
    ['LIF-03', 'plaintext', { ...joined, sentinel: [clearAt(6)] }, /in the clear/],
    [
      'LIF-03',
      'late',
      {
        ...joined,
        outputs: [...states('end', between), { snapshot: 'sample', node: 'node1', collector: 'xfrm-state', stdout: between, at: 90 }],
      },
      /only 85\.0 s after it joined/,
    ],
    ['LIF-03', 'an SA left behind', { ...left, outputs: states('end', between) }, /node1 end: still has SA .* of node2, which left/],
    ['LIF-04', 'plaintext before', { ...disabled, sentinel: [clearAt(2), clearAt(20)] }, /before encryption was disabled/],
    ['LIF-04', 'no plaintext afterwards', { ...disabled, sentinel: [] }, /no plaintext was seen afterwards/],
    ['LIF-04', 'L10 an SA left', { ...disabled, outputs: off({ 'xfrm-state': between }) }, /SA 172\.18\.0\.1 -> 172\.18\.0\.2 is left/],
    [
      'LIF-04',
      'a rule left',
      { ...disabled, outputs: off({ 'ip-rule': '1:\tfrom all fwmark 0xe00/0xf00 lookup 200\n' }) },
      /rule 1 for mark 0xe00 is left/,
    ],
    [
      'LIF-04',
      'the status says on',
      { ...disabled, outputs: off({ 'encrypt-status': 'Encryption: IPsec\nKeys in use: 1\n' }) },
      /the status still says IPsec/,
    ],
    [
      'LIF-04',
      'a WireGuard device left',
      {
        ...disabled,
        intent: { mode: 'wireguard' },
        outputs: [...off(), ...deviceLeft],
      },
      /the device cilium_wg0 is left/,
    ],
    [
      'LIF-07',
      'L70 plaintext, and its time against the fault',
      {
        ...started,
        sentinel: [clearAt(3.25)],
        events: [...(started.events ?? []), { event: 'fault-opened', at: 3, detail: { node: 'node2' } }],
      },
      /in the clear, 3\.250 s to 3\.250 s into the window, from 0\.250 s after fault-opened \(node2\) on/,
    ],
    ['LIF-07', 'L71 plaintext', { ...cutOff, sentinel: [clearAt(6)] }, /in the clear/],
    ['LIF-05', 'plaintext', { ...restart, scenario: 'upgrade', sentinel: [clearAt(6)] }, /in the clear/],
  ])('%s: %s', async (id, _, story, reason) => {
    const found = await verdictOf(id, story);
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(reason);
  });
});

test.each([
  ['11111111-0000-0000-0000-000000000000', 'contradicts', /still has the boot id from before its restart/],
  ['22222222-0000-0000-0000-000000000000', 'supports', /./],
  [null, 'inconclusive', /cilium-nodes: not in the recording/],
] as const)('LIF-07: a node that was restarted and publishes the boot id %s %s', async (bootid, verdict, reason) => {
  const nodes = twoNodes.nodes.map((node) => ({ ...node, bootId: '11111111-0000-0000-0000-000000000000' }));
  const list = { kind: 'List', items: [{ kind: 'CiliumNode', metadata: { name: 'node2' }, spec: { bootid, addresses: [] } }] };
  const outputs: WindowOutput[] =
    bootid === null ? [] : [{ snapshot: 'before', node: null, collector: 'cilium-nodes', stdout: JSON.stringify(list) }];
  const found = await verdictOf('LIF-07', { ...cutOff, cluster: { ...twoNodes, nodes }, outputs });
  expect(found.verdict, found.reason).toBe(verdict);
  expect(found.reason).toMatch(reason);
});

describe('missing evidence is inconclusive', () => {
  test.each<[string, string, WindowStory]>([
    ['LIF-01', 'no restart in the journal', { unsaid: true, ...restart, events: [] }],
    ['LIF-01', 'no sentinel', { ...restart, sentinel: null }],
    ['LIF-01', 'a sentinel that died', { ...restart, blind: true }],
    ['LIF-01', 'no traffic', { ...restart, traffic: [] }],
    ['LIF-02', 'no pod added', { ...churn, events: [] }],
    ['LIF-02', 'a pod that never talked', { ...churn, traffic: [load()] }],
    ['LIF-03', 'no node in the journal', { ...joined, events: [] }],
    ['LIF-03', 'SAs not read', { ...joined, outputs: states('end', between).slice(1) }],
    ['LIF-04', 'no time of it', { unsaid: true, ...disabled, events: [] }],
    ['LIF-04', 'no policies read', { ...disabled, outputs: off({ 'xfrm-policy': null }) }],
    ['LIF-04', 'no device read under WireGuard', { ...disabled, intent: { mode: 'wireguard' } }],
    ['LIF-07', 'no node in the journal', { ...started, events: [] }],
    ['LIF-07', 'no sentinel', { ...started, sentinel: null }],
    ['LIF-07', 'no traffic of the node', { ...started, traffic: [] }],
    ['LIF-07', 'a flow that stays silent', { ...cutOff, traffic: [silentAtTheEnd] }],
    ['LIF-05', 'no sentinel', { ...restart, scenario: 'upgrade', sentinel: null }],
  ])('%s: %s', async (id, _, story) => {
    const found = await verdictOf(id, story);
    expect(found.verdict, found.reason).toBe('inconclusive');
  });
});
