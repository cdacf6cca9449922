import { describe, expect, test } from 'vitest';
import type { CaptureFacts } from '../harness/judge/wire/capture-facts.ts';
import type { DecryptionProof, DerivationProof } from '../harness/model/recording.ts';
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
const derived = (...derivations: DerivationProof[]): SampleChange => ({ proofs: { derivation: derivations, decryption: [] } });
/** The view over a capture of the judged phase; only its frames and gaps count here. */
const wire = (gaps: readonly string[] = []): CaptureFacts[] => [
  {
    key: 'encrypted/wire/-/br0',
    record: { phase: 'encrypted', vantage: 'wire', kind: 'full', file: 'captures/wire.pcap' },
    ledger: { frames: 20, esp: [], classes: {} },
    complete: gaps.length === 0,
    gaps,
  } as unknown as CaptureFacts,
];
const opened = (captures: readonly CaptureFacts[], ...proofs: DecryptionProof[]): SampleChange => ({
  captures,
  proofs: { derivation: [], decryption: proofs },
});
const nokeys: NonNullable<SampleChange['output']> = (o) =>
  o.collector === 'xfrm-state' ? { ...o, stdout: o.stdout.replace(/<key:[^>]+>/g, '<<Keys hidden>>') } : o;

describe('XFR-04', () => {
  test('supports when every key derives from the Secret', async () => {
    const finding = await judge('XFR-04', derived(derivation(), derivation({ node: 'node2' })));
    expect(finding.verdict, finding.reason).toBe('supports');
    expect(finding.reason).toMatch(/2 SA keys/);
    expect(finding.evidence.length).toBeGreaterThan(0);
  });
  test('a key that is not the Secret’s contradicts and names the SA', async () => {
    const finding = await judge('XFR-04', derived(derivation(), derivation({ matches: false, note: 'the key of rfc4106 is another' })));
    expect(finding.verdict).toBe('contradicts');
    expect(finding.reason).toMatch(/node1 before: SA 172.18.0.1 -> 172.18.0.2 spi 0x00000003 does not have the per-tunnel key/);
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
    ['no frame', opened(wire(), decryption({ sampled: 0, decrypted: 0 }))],
  ])('%s is inconclusive', async (_, change) => {
    const finding = await judge('WIR-07', change);
    expect(finding.verdict, finding.reason).toBe('inconclusive');
  });
  test('without a key in any kernel it was not exercised', async () =>
    expect((await judge('WIR-07', { captures: wire(), output: nokeys })).verdict).toBe('not-exercised'));
});
