import { describe, expect, test } from 'vitest';
import type { TrafficRecord } from '../../harness/model/recording.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { clearPing, espFrame } from '../../harness/testing/node-frames.ts';
import {
  load,
  type TimedFrame,
  type WindowOutput,
  type WindowStory,
  windowInstant,
  windowRecording,
} from '../../harness/testing/window-recording.ts';
import { catalogue, checksOf } from '../catalogue.ts';

const NODE = ['172.18.0.1', '172.18.0.2'] as const;

/** SAs of both directions of the node pair, for each key id; the key is named after it. */
const states = (ids: readonly number[], key: (id: number) => string = (id) => `key-of-${id}`): string =>
  ids
    .flatMap((id) =>
      [NODE, [NODE[1], NODE[0]]].map(
        ([src, dst]) =>
          `src ${src} dst ${dst}\n\tproto esp spi 0x0000000${id} reqid 1 mode tunnel\n\treplay-window 0 \n\taead rfc4106(gcm(aes)) <key:160:${key(id)}${src}> 128\n`,
      ),
    )
    .join('');
const nodes = (ids: readonly (number | null)[]): string =>
  JSON.stringify({
    items: ids.map((key, index) => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNode',
      metadata: { name: `node${index + 1}` },
      spec: { addresses: [], ipam: { podCIDRs: [] }, ...(key === null ? {} : { encryption: { key } }) },
    })),
  });
const kernels = (snapshot: WindowOutput['snapshot'], stdout: string, at?: number): WindowOutput[] =>
  ['node1', 'node2'].map((node) => ({ snapshot, node, collector: 'xfrm-state', stdout, ...(at === undefined ? {} : { at }) }));
const api = (snapshot: WindowOutput['snapshot'], ids: readonly (number | null)[], at?: number): WindowOutput => ({
  snapshot,
  node: null,
  collector: 'cilium-nodes',
  stdout: nodes(ids),
  ...(at === undefined ? {} : { at }),
});
const policies = (spi: number): WindowOutput[] =>
  ['node1', 'node2'].map((node) => ({
    snapshot: 'end',
    node,
    collector: 'xfrm-policy',
    stdout: `src 0.0.0.0/0 dst 10.0.2.0/24 \n\tdir out priority 0 ptype main \n\ttmpl src ${NODE[0]} dst ${NODE[1]}\n\t\tproto esp spi 0x0000000${spi} reqid 1 mode tunnel\n`,
  }));
const timed = (from: number, to: number, spi: number): TimedFrame[] =>
  [from, (from + to) / 2, to].flatMap((at, index) => [
    { at, bytes: espFrame('out', index + 1, spi) },
    { at, bytes: espFrame('back', index + 1, spi) },
  ]);

/** Key id 3 until second 15, then 4; both SAs from second 5 to second 25. */
const healthy: WindowStory = {
  scenario: 'rotation',
  sentinel: [],
  cipher: [...timed(1, 14, 3), ...timed(15, 29, 4)],
  outputs: [
    ...kernels('before', states([3])),
    api('before', [3, 3]),
    ...kernels('sample', states([3]), 2),
    ...kernels('sample', states([3, 4]), 12),
    ...kernels('sample', states([3, 4]), 20),
    ...kernels('sample', states([4]), 28),
    api('sample', [3, 3], 2),
    api('sample', [4, 4], 15),
    ...kernels('end', states([4])),
    ...policies(4),
    api('end', [4, 4]),
  ],
  events: [
    { event: 'rotation-started', at: 3 },
    { event: 'rotation-ended', at: 26 },
  ],
};

/** A stream of a request a second that lost some before the change, at second 3, and some from then on. */
const busy = (before: readonly number[], after: readonly number[]): TrafficRecord => {
  const stream = load({ id: 'busy' }, [...before, ...after]);
  return { ...stream, sent: 30, answered: 30 - before.length - after.length, load: { ...stream.load!, intervalMs: 1000 } };
};

async function verdictOf(id: string, story: WindowStory): Promise<VerdictText> {
  const { verdicts } = await judgeAsText(windowRecording(story), checksOf('ROT'));
  const found = verdicts.find((v) => v.id === id);
  if (found === undefined) throw new RangeError(`${id} was not judged`);
  return found;
}

/** The healthy outputs with those of one place and snapshot put in another's stead. */
const instead = (wanted: Partial<WindowOutput>, stdout: string | null): WindowOutput[] =>
  (healthy.outputs ?? []).flatMap((o) => {
    const hit = Object.entries(wanted).every(([name, value]) => o[name as keyof WindowOutput] === value);
    return !hit ? [o] : stdout === null ? [] : [{ ...o, stdout }];
  });

describe('a healthy rotation', () => {
  test.each(['ROT-01', 'ROT-02', 'ROT-03', 'ROT-04', 'ROT-05', 'ROT-06'])('%s supports', async (id) => {
    const found = await verdictOf(id, healthy);
    expect(found.verdict, found.reason).toBe('supports');
  });

  test('the timeline is told: who used which SPI when', async () => {
    const { reason } = await verdictOf('ROT-02', healthy);
    expect(reason).toMatch(/node1 -> node2: SPI 3 from 1\.000 s to 14\.000 s \(3 frames\), SPI 4 from 15\.000 s/);
  });

  test('id 15 is followed by 1', async () => {
    const outputs = [api('before', [15, 15]), api('end', [1, 1]), api('sample', [1, 1], 5)];
    expect((await verdictOf('ROT-01', { ...healthy, outputs })).verdict).toBe('supports');
  });

  test('in a recording without a rotation nothing was exercised', async () => {
    for (const { id } of checksOf('ROT').filter((c) => c.modes.includes('ipsec'))) {
      const found = await verdictOf(id, { ...healthy, scenario: 'steady' });
      expect(found.verdict, id).toBe('not-exercised');
      expect(found.reason).toMatch(/scenario is steady: rotation was not recorded/);
    }
  });
});

test('the checks of the judged phase do not look at the window', async () => {
  const story = { ...healthy, sentinel: [{ at: 14.5, bytes: clearPing(8, 'ab'.repeat(16)) }] };
  const { verdicts, flows } = await judgeAsText(windowRecording(story), catalogue);
  expect(flows).toEqual([]);
  const contradicted = verdicts.filter((v) => v.verdict === 'contradicts').map((v) => v.id);
  expect(contradicted).toContain('ROT-04');
  expect(contradicted.filter((id) => id.startsWith('WIR'))).toEqual([]);
  expect(verdicts.find((v) => v.id === 'WIR-01')?.reason).toMatch(/no capture on the wire in the encrypted phase/);
});

test.each(['ROT-01', 'ROT-02', 'ROT-05', 'ROT-06'])('%s says nothing of a window that did not end', async (id) => {
  const outputs = [
    ...kernels('before', states([3])),
    api('before', [3, 3]),
    ...kernels('sample', states([3]), 2),
    api('sample', [3, 3], 2),
  ];
  const found = await verdictOf(id, { ...healthy, outputs, broken: true });
  expect(found.verdict).toBe('inconclusive');
  expect(found.reason).toMatch(/^the journal has no end of the window; /);
});

describe('a broken rotation contradicts', () => {
  test.each<[string, string, Partial<WindowStory>, RegExp]>([
    [
      'ROT-01',
      'L26 one node left behind',
      { outputs: instead({ snapshot: 'end', node: null }, nodes([4, 3])) },
      /node2 still publishes key id 3/,
    ],
    ['ROT-01', 'an id skipped', { outputs: instead({ snapshot: 'end', node: null }, nodes([5, 5])) }, /publishes key id 5, not 4/],
    [
      'ROT-01',
      'published late',
      { outputs: instead({ snapshot: 'sample', node: null, at: 15 }, null).concat(api('sample', [4, 4], 400)) },
      /only after 397\.0 s, bound 120 s/,
    ],
    ['ROT-02', 'the new SPI never used', { cipher: timed(1, 29, 3) }, /node1 -> node2: the new SPI 4 was never on the wire/],
    [
      'ROT-02',
      'a third SPI',
      { cipher: [...(healthy.cipher ?? []), { at: 20, bytes: espFrame('out', 1, 9) }] },
      /SPI 9 on the wire is neither/,
    ],
    [
      'ROT-02',
      'L24 the old one removed early',
      { outputs: instead({ snapshot: 'sample', node: 'node2', at: 12 }, states([4])) },
      /node2 has no SA for SPI 3 from node1 at 12\.000 s/,
    ],
    [
      'ROT-02',
      'the receiver lacks the new one',
      { outputs: instead({ snapshot: 'sample', node: 'node2', at: 20 }, states([3])) },
      /node2 has no SA for SPI 4 from node1/,
    ],
    [
      'ROT-03',
      'L24 a request lost',
      { traffic: [load(), load({ id: 'b' }, [14.2, 14.3])] },
      /2 of 200 requests lost, allowed 0: request 0 at 14\.200 s/,
    ],
    [
      'ROT-04',
      'a ping in the clear',
      { sentinel: [{ at: 14.5, bytes: clearPing(8, 'ab'.repeat(16)) }] },
      /1 frame\(s\) of flow .* in the clear, 14\.500 s/,
    ],
    [
      'ROT-05',
      'L10 an old SA kept',
      { outputs: instead({ snapshot: 'end', node: 'node1', collector: 'xfrm-state' }, states([3, 4])) },
      /node1 end: SA .* of the old key id/,
    ],
    [
      'ROT-05',
      'an old policy kept',
      { outputs: [...instead({ snapshot: 'end', collector: 'xfrm-policy' }, null), ...policies(3)] },
      /still uses the old key id 3/,
    ],
    [
      'ROT-05',
      'the old SPI on the wire',
      { cipher: [...(healthy.cipher ?? []), ...timed(27, 29, 3)] },
      /the old SPI 3 is on the wire after the rotation ended/,
    ],
    [
      'ROT-06',
      'L25 the same key under a new id',
      {
        outputs: instead(
          { snapshot: 'end', collector: 'xfrm-state' },
          states([4], () => 'key-of-3'),
        ),
      },
      /has the key that .* had before/,
    ],
  ])('%s: %s', async (id, _, change, reason) => {
    const found = await verdictOf(id, { ...healthy, ...change });
    expect(found.verdict, found.reason).toBe('contradicts');
    expect(found.reason).toMatch(reason);
  });
});

test('requests that were lost before the rotation began are not of the rotation', async () => {
  const found = await verdictOf('ROT-03', { ...healthy, traffic: [busy([0.5, 1.5], [])] });
  expect(found.verdict, found.reason).toBe('supports');
  expect(found.reason).toMatch(/2 of them lost before the change began/);
});

describe('missing evidence is inconclusive', () => {
  test.each<[string, string, Partial<WindowStory>]>([
    ['ROT-01', 'no CiliumNodes at the end', { outputs: instead({ snapshot: 'end', node: null }, null) }],
    ['ROT-01', 'a node that publishes nothing', { outputs: instead({ snapshot: 'end', node: null }, nodes([4, null])) }],
    ['ROT-02', 'no capture of headers', { cipher: null }],
    ['ROT-02', 'no samples', { outputs: instead({ snapshot: 'sample', node: 'node1' }, null) }],
    ['ROT-02', 'no ESP', { cipher: [] }],
    ['ROT-03', 'no traffic', { traffic: [] }],
    ['ROT-03', 'as much lost before the change as after it', { traffic: [busy([0.5, 1.5, 2.5], [10, 20, 25])] }],
    ['ROT-03', 'the load ended before the change did', { traffic: [load({ endedAt: windowInstant(20) })] }],
    ['ROT-03', 'the load began within the change', { traffic: [load({ startedAt: windowInstant(5) })] }],
    ['ROT-04', 'the load ended before the change did', { traffic: [load({ endedAt: windowInstant(20) })] }],
    ['ROT-04', 'the sentinel began within the window', { listened: [4, 32] }],
    ['ROT-04', 'the sentinel stopped within the window', { listened: [-2, 20] }],
    [
      'ROT-04',
      'the change is not in the window',
      {
        events: [
          { event: 'rotation-started', at: -10 },
          { event: 'rotation-ended', at: 26 },
        ],
      },
    ],
    ['ROT-04', 'no sentinel', { sentinel: null }],
    ['ROT-04', 'a sentinel that died', { blind: true }],
    ['ROT-04', 'no traffic', { traffic: [load({ answered: 0 })] }],
    ['ROT-05', 'no end of the rotation', { unsaid: true, events: [{ event: 'rotation-started', at: 3 }] }],
    ['ROT-05', 'SAs not read at the end', { outputs: instead({ snapshot: 'end', node: 'node2', collector: 'xfrm-state' }, null) }],
    ['ROT-06', 'no SA at the end', { outputs: instead({ snapshot: 'end', node: 'node2', collector: 'xfrm-state' }, '') }],
    [
      'ROT-06',
      'keys not printed',
      { outputs: instead({ snapshot: 'before', collector: 'xfrm-state' }, states([3]).replace(/<key:[^>]*>/g, '<<Keys hidden>>')) },
    ],
  ])('%s: %s', async (id, _, change) => {
    const found = await verdictOf(id, { ...healthy, ...change });
    expect(found.verdict, found.reason).toBe('inconclusive');
  });
});
