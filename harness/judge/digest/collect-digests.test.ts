import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import type { Recording, RecordingManifest } from '../../model/recording.ts';
import { healthyOutputs } from '../../testing/healthy-outputs.ts';
import { buildRecording } from '../../testing/recording.ts';
import { edit } from '../../testing/sample-judge.ts';
import { verdictOf } from '../judge.ts';
import { collectDigests, type DigestSource, judgeCollection } from './collect-digests.ts';
import { type Collection, collectionOf, fingerprintsOf } from './collection.ts';
import { readDigest, writeDigest } from './digest-text.ts';
import { digestOf, isOfNodes, type NodeDigest } from './node-digest.ts';
import { readNodeFacts } from './node-facts.ts';

const KEY = Buffer.alloc(32, 7);
const healthy = buildRecording({ intent: { mode: 'ipsec' }, outputs: healthyOutputs('ipsec') });
const collection = collectionOf(healthy.manifest, KEY, catalogue);
const fingerprints = fingerprintsOf(collection, 'recording');
const own = digestOf(await readNodeFacts(healthy), 'node1', catalogue);
const other = digestOf(await readNodeFacts(healthy), 'node2', catalogue);
const line = writeDigest({ digest: own, fingerprints }, collection);
const otherLine = writeDigest({ digest: other, fingerprints }, collection);

const judged = (sources: readonly DigestSource[], by: Collection = collection) => {
  const { digests, rejected } = collectDigests(sources, by);
  const { verdicts } = judgeCollection(by.plan, digests, catalogue);
  return { rejected, digests, of: (id: string) => verdicts.find((verdict) => verdict.id === id) };
};
const from = (text: string | null, name = 'a file'): DigestSource => ({ from: name, text });
/** The digest of a node whose recorder had a change, with the right key. */
const changed = (change: Partial<NodeDigest>): string => writeDigest({ digest: { ...own, ...change }, fingerprints }, collection);

test('a digest comes back from its text as it was', () => {
  expect(readDigest(line, collection)).toEqual({ digest: own, fingerprints });
  expect(judged([from(line), from(otherLine)]).of('XFR-01')).toMatchObject({ verdict: 'supports' });
});

test('the text has no fingerprint of a key', async () => {
  const printed = new Set([...(await textsOf(healthy)).matchAll(/<key:\d+:([^>]+)>/g)].map(([, name]) => name!));
  expect(printed.size).toBeGreaterThan(2);
  for (const name of printed) expect(line).not.toContain(name);
});

describe('verdicts of digests in files are those of one recorder', () => {
  const sa = /src 172\.18\.0\.1 dst 172\.18\.0\.2\n[\s\S]*?sel src[^\n]*\n/;
  test.each([
    ['ipsec', 'healthy', null],
    ['wireguard', 'healthy', null],
    ['ipsec', 'an SA deleted', edit('node2', 'xfrm-state', sa, '')],
    ['ipsec', 'another key', edit('node2', 'xfrm-state', /<key:160:172\.18\.0\.1_[^>]*>/, '<key:160:other>')],
    ['ipsec', 'a node that was not read', (o: { node: string | null }) => (o.node === 'node2' ? null : o)],
    ['wireguard', 'a device with another key', edit('node2', 'wg-public-key', /AQA/, 'AwA')],
  ] as const)('%s: %s', async (mode, _, change) => {
    const outputs = healthyOutputs(mode).flatMap((output) =>
      change === null ? [output] : ((change(output) as typeof output | null) ?? []),
    );
    await expectSame(buildRecording({ intent: { mode }, outputs }));
  });
});

test('with one shared key both ends are compared', async () => {
  const outputs = healthyOutputs('ipsec');
  await expectSame(buildRecording({ intent: { mode: 'ipsec', perTunnelKeys: false }, outputs }));
});

async function textsOf(recording: Recording): Promise<string> {
  return (await Promise.all(recording.manifest.commands.map(({ stdout }) => recording.text(stdout)))).join('');
}

async function expectSame(recording: Recording): Promise<void> {
  const facts = await readNodeFacts(recording);
  const by = collectionOf(recording.manifest, KEY, catalogue);
  const sources = by.nodes.map((node) => {
    const digest = digestOf(facts, node, catalogue);
    return from(writeDigest({ digest, fingerprints: fingerprintsOf(by, 'recording') }, by), node);
  });
  const { rejected, of } = judged(sources, by);
  expect(rejected).toEqual([]);
  for (const check of catalogue.filter(isOfNodes)) {
    const whole = verdictOf(check, facts, (x) => check.judge(x));
    expect([check.id, of(check.id)?.verdict]).toEqual([check.id, whole.verdict]);
  }
}

describe('what is not whole never counts', () => {
  test('a digest that is cut anywhere, or has another character anywhere', () => {
    fc.assert(
      fc.property(fc.nat(line.length - 2), (at) => {
        expect(typeof readDigest(line.slice(0, at), collection)).toBe('string');
        const edited = `${line.slice(0, at)}${line[at] === '1' ? '2' : '1'}${line.slice(at + 1)}`;
        expect(typeof readDigest(edited, collection)).toBe('string');
      }),
    );
    const { rejected, of } = judged([from(line.slice(0, -20), 'node1.digest'), from(otherLine)]);
    expect(rejected).toEqual(['node1.digest: is cut or broken']);
    expect(of('XFR-01')?.verdict).toBe('inconclusive');
    expect(of('XFR-01')?.facts.map(({ text }) => text)).toContain('node1: there is no digest');
  });

  test('an edited counter or verdict', () => {
    const edited = line.replace('"verdict":"supports"', '"verdict":"contradicts"');
    expect(edited).not.toBe(line);
    expect(judged([from(edited, 'node1.digest'), from(otherLine)]).rejected[0]).toContain('the seal does not fit');
  });

  test('two digests of one node', () => {
    for (const text of [line, changed({ ends: [] })])
      expect(judged([from(line), from(text), from(otherLine)]).of('XFR-01')).toMatchObject({
        verdict: 'inconclusive',
        facts: [{ text: 'node1: two recorders wrote a digest of this node' }],
      });
  });

  test('a digest of another key, run, plan or version', () => {
    const by = (change: (manifest: RecordingManifest) => RecordingManifest, key = KEY) => {
      const theirs = collectionOf(change(healthy.manifest), key, catalogue);
      return from(writeDigest({ digest: own, fingerprints: fingerprintsOf(theirs, 'recording') }, theirs), 'node1.digest');
    };
    const why = (source: DigestSource) => {
      const { rejected, of, digests } = judged([source, from(otherLine)]);
      expect(of('XFR-01')?.verdict).toBe('inconclusive');
      return [...rejected, ...(digests.get('node1')?.gaps ?? [])].join();
    };
    expect(why(by((m) => m, Buffer.alloc(32, 8)))).toContain('another key sealed it');
    expect(why(by((m) => ({ ...m, run: { ...m.run, id: 'yesterday' } })))).toContain('is of run yesterday, the plan is of run test');
    expect(why(by((m) => ({ ...m, intent: { ...m.intent, nodeEncryption: true } })))).toContain('was made by another plan');
    expect(why(by((m) => ({ ...m, tool: { ...m.tool, version: '0.0.1' } })))).toContain('of wirewitness 0.0.1, the plan is of 0.0.0');
    expect(why(from(line.replace('digest 1', 'digest 2')))).toContain('version 2; this program reads version 1');
    expect(why(from('')) + why(from('\n'))).toContain('is not a digest');
    expect(why({ from: 'worker x', node: 'node1', text: null, why: 'its pod is Failed' })).toBe('worker x: its pod is Failed');
    expect(why({ from: 'worker x', node: 'node1', text: otherLine })).toContain('it ran on node1, its digest is of node2');
  });

  test('digests whose fingerprints other keys named', () => {
    const worker = writeDigest({ digest: own, fingerprints: fingerprintsOf(collection, 'worker') }, collection);
    const verdict = judged([from(worker), from(otherLine)]).of('XFR-03');
    expect(verdict).toMatchObject({ verdict: 'inconclusive' });
    expect(verdict?.facts[0]?.text).toContain('other fingerprints of keys');
  });

  test('a sealed digest that is not possible', () => {
    const [first, ...rest] = own.ends;
    const ends = (change: object) => changed({ ends: [{ ...first!, ...change }, ...rest] });
    const outs = (change: object) => ends({ outs: { ...first!.outs, ...change } });
    for (const [text, why] of [
      [changed({ verdicts: own.verdicts.slice(1) }), `says nothing of ${own.verdicts[0]!.id}`],
      [changed({ verdicts: [...own.verdicts, own.verdicts[0]!] }), 'of a check twice'],
      [outs({ offsets: Uint32Array.of(0, 1) }), 'offsets of 1 nodes, the plan has 2'],
      [outs({ offsets: Uint32Array.of(0, 9, 1) }), 'not in order'],
      [outs({ spis: first!.outs.spis.subarray(1) }), 'different lengths'],
      [outs({ attributes: first!.outs.attributes.map(() => 0xffff) }), 'an algorithm that is not listed'],
      [ends({ peers: Uint32Array.of(5), peerKeys: Float64Array.of(1) }), 'columns that do not fit'],
      [changed({ gaps: ['no tool'] }), 'no tool'],
    ] as const) {
      const { digests, of } = judged([from(text), from(otherLine)]);
      expect(digests.get('node1')?.gaps.join()).toContain(why);
      expect(of('XFR-01')?.verdict).toBe('inconclusive');
    }
    expect(judged([from(changed({ node: 'node9' })), from(otherLine)]).rejected).toEqual([
      'a file: is of "node9", which is no node of the plan',
    ]);
  });
});

test('nothing handed in supports nothing', () => {
  const { verdicts, needMore } = judgeCollection(healthy.manifest, new Map(), catalogue);
  for (const { verdict } of verdicts) expect(verdict).not.toBe('supports');
  expect(needMore).toEqual(expect.arrayContaining(['WIR-01', 'EVI-02', 'CFG-08']));
  expect(verdicts.length + needMore.length).toBe(catalogue.length);
});
