import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { profileOf } from '../../stacks/stack-of.ts';
import { healthyOutputs } from '../../testing/healthy-outputs.ts';
import { buildRecording } from '../../testing/recording.ts';
import { edit, type SampleChange } from '../../testing/sample-judge.ts';
import type { Facts } from '../facts.ts';
import { verdictOf } from '../judge.ts';
import { readState } from '../state/state-facts.ts';
import { readWindow } from '../window/window-facts.ts';
import { judgeDigests } from './judge-digests.ts';
import { lost, type MergedDigests, mergeDigests } from './merge-digests.ts';
import { digestOf, isOfNodes } from './node-digest.ts';

async function factsOf(mode: 'ipsec' | 'wireguard', output: NonNullable<SampleChange['output']> = (o) => o): Promise<Facts> {
  const recording = buildRecording({ intent: { mode }, outputs: healthyOutputs(mode).flatMap((o) => output(o) ?? []) });
  const evidence = { files: 0, bytes: 0, secrets: [], gaps: [], control: { planted: 0, missed: [] }, knownWindows: null };
  const { manifest } = recording;
  return {
    ...{ manifest, profile: profileOf(manifest.intent), state: await readState(recording), window: await readWindow(recording) },
    ...{ wire: { captures: [], flows: [] }, evidence },
  };
}

const single = (facts: Facts, node: string): MergedDigests => new Map([[node, digestOf(facts, node, catalogue)]]);
const merged = (facts: Facts): MergedDigests => mergeDigests(single(facts, 'node1'), single(facts, 'node2'));
const told = (facts: Facts, digests: MergedDigests) =>
  new Map(judgeDigests(facts.manifest, digests, catalogue).map((verdict) => [verdict.id, verdict]));
const ofNodes = catalogue.filter(isOfNodes);

describe('the verdicts on merged digests are those of one recorder', () => {
  const sa = /src 172\.18\.0\.1 dst 172\.18\.0\.2\n[\s\S]*?sel src[^\n]*\n/;
  test.each<[string, 'ipsec' | 'wireguard', NonNullable<SampleChange['output']> | undefined, string | null]>([
    ['healthy IPsec', 'ipsec', undefined, null],
    ['healthy WireGuard', 'wireguard', undefined, null],
    ['an in SA deleted', 'ipsec', edit('node2', 'xfrm-state', sa, ''), 'XFR-01'],
    ['another SPI at one end', 'ipsec', edit('node2', 'xfrm-state', /spi 0x00000003/g, 'spi 0x00000004'), 'XFR-01'],
    ['another key at one end', 'ipsec', edit('node2', 'xfrm-state', /<key:160:172\.18\.0\.1_[^>]*>/, '<key:160:other>'), 'XFR-03'],
    ['no key printed at one end', 'ipsec', edit('node2', 'xfrm-state', /<key:160:172\.18\.0\.1_[^>]*>/, '<key:160>'), 'XFR-03'],
    ['another key length at one end', 'ipsec', edit('node2', 'xfrm-state', /<key:160:/g, '<key:288:'), 'XFR-02'],
    ['a node that has no SA', 'ipsec', edit('node2', 'xfrm-state', /[\s\S]+/, ''), 'XFR-01'],
    ['a node that was not read', 'ipsec', (o) => (o.node === 'node2' && o.collector === 'xfrm-state' ? null : o), 'XFR-01'],
    ['another WireGuard key', 'wireguard', edit('node1', 'wg-peers', /AQA/g, 'AwA'), null],
    ['a device with another key', 'wireguard', edit('node2', 'wg-public-key', /AQA/, 'AwA'), 'WGD-03'],
  ])('%s', async (_, mode, output, red) => {
    const facts = await factsOf(mode, output);
    const digests = told(facts, merged(facts));
    for (const check of ofNodes) {
      const whole = verdictOf(check, facts, (x) => check.judge(x));
      expect([check.id, digests.get(check.id)?.verdict]).toEqual([check.id, whole.verdict]);
    }
    if (red !== null) expect(['contradicts', 'inconclusive']).toContain(digests.get(red)?.verdict);
  });
});

test('an SA without its other end, and one with another key there, are named', async () => {
  const spi = await factsOf('ipsec', edit('node2', 'xfrm-state', /spi 0x00000003/g, 'spi 0x00000004'));
  expect(
    told(spi, merged(spi))
      .get('XFR-01')
      ?.facts.map(({ text }) => text),
  ).toContain('node1 before: out SA 172.18.0.1 -> 172.18.0.2 spi 0x00000003 has no matching in SA on node2');
  const key = await factsOf('ipsec', edit('node2', 'xfrm-state', /<key:160:172\.18\.0\.1_[^>]*>/, '<key:160:other>'));
  const finding = told(key, merged(key)).get('XFR-03');
  expect(finding?.facts.map(({ text }) => text)).toContain(
    'before: SA 172.18.0.1 -> 172.18.0.2 spi 0x00000003 has one key on node1 and another on node2',
  );
});

describe('what is missing never supports', () => {
  test('a node without a digest is named, and so is one that two recorders handed in', async () => {
    const facts = await factsOf('ipsec');
    const one = single(facts, 'node1');
    for (const [digests, why] of [
      [one, 'node2: there is no digest'],
      [mergeDigests(one, new Map([['node2', lost('node2', 'its worker failed')]])), 'node2: its worker failed'],
      [mergeDigests(merged(facts), single(facts, 'node2')), 'node2: two recorders wrote a digest of this node'],
    ] as const)
      for (const check of ofNodes) {
        const verdict = told(facts, digests).get(check.id);
        if (check.modes.includes('ipsec')) expect([check.id, verdict?.verdict]).not.toEqual([check.id, 'supports']);
        if (check.id === 'XFR-01') expect(verdict?.facts.map(({ text }) => text)).toContain(why);
      }
    for (const verdict of told(facts, new Map()).values()) expect(verdict.verdict).not.toBe('supports');
  });

  test('a check that needs more says so', async () => {
    const facts = await factsOf('ipsec');
    const verdicts = told(facts, merged(facts));
    for (const id of ['WIR-01', 'WIR-13', 'EVI-02', 'CFG-02', 'CFG-08']) {
      expect(verdicts.get(id)).toMatchObject({ verdict: 'inconclusive' });
      expect(verdicts.get(id)?.facts[0]?.text).toContain('judge the recording');
    }
    expect(verdicts.get('WGD-05')?.verdict).toBe('not-applicable');
  });
});

test('merging is associative and commutative, also with a node that comes twice', async () => {
  const facts = await factsOf('ipsec');
  const [a, b] = [single(facts, 'node1'), single(facts, 'node2')];
  const sorted = (digests: MergedDigests) => [...digests].sort(([x], [y]) => (x < y ? -1 : 1));
  expect(sorted(mergeDigests(a, b))).toEqual(sorted(mergeDigests(b, a)));
  for (const c of [new Map(), b, new Map([['node3', lost('node3', 'gone')]])])
    expect(sorted(mergeDigests(mergeDigests(a, b), c))).toEqual(sorted(mergeDigests(a, mergeDigests(b, c))));
  expect(sorted(mergeDigests(mergeDigests(b, b), b))).toEqual(sorted(mergeDigests(b, mergeDigests(b, b))));
});
