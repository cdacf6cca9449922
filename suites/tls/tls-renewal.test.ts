import { expect, test } from 'vitest';
import { type Authority, newAuthority } from '../../clusters/tls/authority.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { type WindowOutput, type WindowStory, windowInstant, windowRecording } from '../../harness/testing/window-recording.ts';
import { checksOf } from '../catalogue.ts';

const HOUR_MS = 3_600_000;
const NODES = ['node1', 'node2'] as const;
const authority = newAuthority();

interface Issue {
  readonly by?: Authority;
  readonly pod?: string;
  /** Hours after the start of the window. */
  readonly until?: number;
  readonly privateKey?: string;
}

function issue(pod: string, { by = authority, until = 24, privateKey }: Issue = {}): ReturnType<Authority['issue']> {
  const start = Date.parse(windowInstant(0).utc);
  return by.issue({
    uri: `spiffe://cluster.local/ns/demo/sa/${pod}`,
    notBefore: new Date(start - HOUR_MS),
    notAfter: new Date(start + until * HOUR_MS),
    ...(privateKey === undefined ? {} : { privateKey }),
  });
}

const OLD = { node1: issue('a'), node2: issue('b') };
const NEW = { node1: issue('a', { until: 25 }), node2: issue('b', { until: 25 }) };

function certificates(snapshot: WindowOutput['snapshot'], pems: Record<(typeof NODES)[number], string>, at?: number): WindowOutput[] {
  return NODES.map((node) => ({
    snapshot,
    node,
    collector: 'proxy-certificates',
    stdout: pems[node],
    ...(at === undefined ? {} : { at }),
  }));
}

const pemsOf = (from: typeof OLD): Record<(typeof NODES)[number], string> => ({
  node1: from.node1.certificate,
  node2: from.node2.certificate,
});

/** The renewal of both nodes; what node1 has at the end, and which roots node2 trusts, may be others. */
async function tls07(end: string = NEW.node1.certificate, root = authority.root, more: Partial<WindowStory> = {}): Promise<VerdictText> {
  const story: WindowStory = {
    scenario: 'rotation',
    intent: { stack: 'mesh-tls', mode: 'tls', routing: 'native', profile: 'hbone', perTunnelKeys: false },
    sentinel: [],
    cipher: [],
    outputs: [
      ...certificates('after', pemsOf(OLD)),
      ...certificates('sample', pemsOf(OLD), 2),
      ...certificates('sample', pemsOf(NEW), 12),
      ...certificates('end', { ...pemsOf(NEW), node1: end }),
      { snapshot: 'end', node: 'node1', collector: 'proxy-roots', stdout: authority.root },
      { snapshot: 'end', node: 'node2', collector: 'proxy-roots', stdout: root },
    ],
    ...more,
  };
  const { verdicts } = await judgeAsText(windowRecording(story), checksOf('TLS'));
  return verdicts.find(({ id }) => id === 'TLS-07')!;
}

test('a renewal of every certificate supports, and its time is told', async () => {
  const { verdict, reason } = await tls07();
  expect(verdict, reason).toBe('supports');
  expect(reason).toContain('node1: certificates replaced between 2.000 s and');
});

test.each<[string, () => Promise<VerdictText>, RegExp]>([
  ['the old certificate', () => tls07(OLD.node1.certificate), /certificate of .*\/sa\/a is the one from before the renewal/],
  ['the same key', () => tls07(issue('a', { until: 25, privateKey: OLD.node1.privateKey }).certificate), /was renewed for the same key/],
  ['an earlier end', () => tls07(issue('a', { until: 23 }).certificate), /not later than the one before it/],
  ['another identity', () => tls07(issue('c', { until: 25 }).certificate), /\/sa\/a had a certificate before the renewal and has none/],
  [
    'another authority',
    () => tls07(issue('a', { until: 25, by: newAuthority() }).certificate),
    /signed by no authority that the proxies of node2 trust/,
  ],
  ['a root that one node does not trust', () => tls07(undefined, newAuthority().root), /signed by no authority that the proxies of node2/],
])('%s contradicts', async (_, judged, reason) => {
  const found = await judged();
  expect(found.verdict, found.reason).toBe('contradicts');
  expect(found.reason).toMatch(reason);
});

test('a window without an end, and certificates that were not read, are inconclusive', async () => {
  expect((await tls07(undefined, undefined, { broken: true })).verdict).toBe('inconclusive');
  expect((await tls07(undefined, undefined, { outputs: [] })).verdict).toBe('inconclusive');
});
