import { describe, expect, test } from 'vitest';
import type { CaptureFacts } from '../harness/judge/wire/capture-facts.ts';
import type { DecryptionProof, DerivationProof } from '../harness/model/recording.ts';
import { flow } from '../harness/testing/recording.ts';
import { judgeSample, type SampleChange } from '../harness/testing/sample-judge.ts';
import { catalogue } from './catalogue.ts';

const judge = (id: string, change: SampleChange = {}) => judgeSample(catalogue, id, 'ipsec', change);
const ends = { src: '172.18.0.1', dst: '172.18.0.2', spi: '0x00000003' };
const derivation = (more: Partial<DerivationProof> = {}): DerivationProof => ({
  snapshot: 'before',
  node: 'node1',
  ...ends,
  derivation: 'per-tunnel',
  matches: true,
  note: '',
  ...more,
});
const decryption = (more: Partial<DecryptionProof> = {}): DecryptionProof => ({
  capture: 'captures/wire.pcap',
  ...ends,
  sampled: 8,
  decrypted: 8,
  flows: ['pod-pod/icmp/a/b'],
  others: [],
  note: '',
  ...more,
});
/** Every SA of the sample, at both of its nodes and in both readings. */
const everyKey = (more: (proof: DerivationProof) => Partial<DerivationProof> = () => ({})): DerivationProof[] =>
  (['before', 'after'] as const).flatMap((snapshot) =>
    ['node1', 'node2'].flatMap((node) =>
      ['172.18.0.1 172.18.0.2', '172.18.0.2 172.18.0.1', '10.0.1.1 10.0.2.1', '10.0.2.1 10.0.1.1'].map((pair) => {
        const [src = '', dst = ''] = pair.split(' ');
        const proof = derivation({ snapshot, node, src, dst });
        return { ...proof, ...more(proof) };
      }),
    ),
  );
const derived = (...derivations: DerivationProof[]): SampleChange => ({ proofs: { derivation: derivations, decryption: [] } });
/** The view over a capture of the judged phase; only its frames and gaps count here. */
const wire = (gaps: readonly string[] = []): CaptureFacts[] => [
  {
    key: 'encrypted/wire/-/br0',
    record: { phase: 'encrypted', vantage: 'wire', kind: 'full', file: 'captures/wire.pcap' },
    ledger: { frames: 20, esp: [{ ...ends, frames: 20, firstSeq: 1, lastSeq: 20, duplicates: 0 }], classes: {} },
    unread: [],
    complete: gaps.length === 0,
    gaps,
  } as unknown as CaptureFacts,
];
const ping = flow('encrypted', 'ab'.repeat(16));
const opened = (captures: readonly CaptureFacts[], ...proofs: DecryptionProof[]): SampleChange => ({
  captures,
  traffic: [ping],
  proofs: { derivation: [], decryption: proofs },
});
const nokeys: NonNullable<SampleChange['output']> = (o) =>
  o.collector === 'xfrm-state' ? { ...o, stdout: o.stdout.replace(/<key:[^>]+>/g, '<<Keys hidden>>') } : o;

describe('XFR-04', () => {
  test('supports when every key derives from the Secret', async () => {
    const finding = await judge('XFR-04', derived(...everyKey()));
    expect(finding.verdict, finding.reason).toBe('supports');
    expect(finding.reason).toMatch(/16 SA keys/);
    expect(finding.evidence.length).toBeGreaterThan(0);
  });
  test('a key that is not the Secret’s contradicts and names the SA', async () => {
    const finding = await judge('XFR-04', derived(derivation(), derivation({ matches: false, note: 'the key of rfc4106 is another' })));
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toMatch(/node1 before: SA 172.18.0.1 -> 172.18.0.2 spi 0x00000003 does not have a key of the Secret/);
  });
  test('one proof does not stand for all, and none for an SA that no node has', async () => {
    const few = await judge('XFR-04', derived(...everyKey().slice(1)));
    expect(few).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/172.18.0.1 -> 172.18.0.2 .* was not compared with/),
    });
    const other = await judge('XFR-04', derived(...everyKey(), derivation({ src: '192.0.2.1' })));
    expect(other).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('the node has no such SA') });
  });
  test('the shared key where per-tunnel keys are claimed contradicts', async () => {
    const finding = await judge('XFR-04', derived(...everyKey(() => ({ derivation: 'shared' }))));
    expect(finding).toMatchObject({ verdict: 'contradicts', reason: expect.stringContaining('the claim is a per-tunnel key') });
  });
  test('a boot id that is not known is inconclusive', async () => {
    const finding = await judge('XFR-04', derived(derivation(), derivation({ derivation: 'unknown', matches: false, note: 'no boot id' })));
    expect(finding.verdict).toBe('inconclusive');
  });
  test('SAs with keys and no outcome on record are inconclusive; without keys nothing could be tried', async () => {
    expect((await judge('XFR-04')).verdict).toBe('inconclusive');
    expect((await judge('XFR-04', { output: nokeys })).verdict).toBe('not-exercised');
  });
});

describe('WIR-07', () => {
  test('supports when every sampled frame opens and a driven flow is inside', async () => {
    const finding = await judge('WIR-07', opened(wire(), decryption()));
    expect(finding.verdict, finding.reason).toBe('supports');
    expect(finding.reason).toMatch(/8 sampled frames.*1 driven flow/);
  });
  test('a frame that does not open contradicts', async () => {
    const finding = await judge(
      'WIR-07',
      opened(wire(), decryption({ decrypted: 0, flows: [], note: 'does not verify with the key on node2' })),
    );
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toMatch(/SPI 0x00000003 172.18.0.1 > 172.18.0.2: only 0 of 8/);
  });
  test.each<[string, SampleChange]>([
    ['nothing on record', { captures: wire() }],
    [
      'an SA no kernel has',
      opened(wire(), decryption({ decrypted: 0, flows: [], untried: true, note: 'no SA of that name was read in a kernel' })),
    ],
    ['no driven flow inside', opened(wire(), decryption({ flows: [], others: ['10.0.1.1 > 10.0.2.1 tcp'] }))],
    ['a capture that is not whole', opened(wire(['the kernel dropped 3 packet(s)']), decryption())],
    ['an SA that is not on the wire', opened(wire(), decryption(), decryption({ spi: '0x00000009' }))],
    ['a capture that was not judged', opened(wire(), decryption({ capture: 'captures/clear.pcap' }))],
    ['more frames than there are', opened(wire(), decryption({ sampled: 50, decrypted: 50 }))],
    ['a flow that was not driven', opened(wire(), decryption({ flows: ['pod-pod/icmp/x/y'] }))],
    ['no frame', opened(wire(), decryption({ sampled: 0, decrypted: 0 }))],
  ])('%s is inconclusive', async (_, change) => {
    const finding = await judge('WIR-07', change);
    expect(finding.verdict, finding.reason).toBe('inconclusive');
  });
  test('without a key in any kernel it was not exercised', async () =>
    expect((await judge('WIR-07', { captures: wire(), output: nokeys })).verdict).toBe('not-exercised'));
});
