import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, newAuthority } from '../../clusters/tls/authority.ts';
import { judge } from '../../harness/judge/judge.ts';
import { POD_LINE, POD_OBJECTS } from '../../harness/stacks/mesh-collect.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../harness/testing/packets.ts';
import { buildRecording, flow, type OutputParts } from '../../harness/testing/recording.ts';
import { type TlsWrite, tlsTraffic } from '../../harness/testing/tls-traffic.ts';
import { POD1, POD2, twoNodes } from '../../harness/testing/two-nodes.ts';
import { catalogue } from '../catalogue.ts';

/** A mesh whose proxies count connections by identity, of the shape of Linkerd's. */
const [CLEAR, SECRET] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const FLOW = { id: 'pod-pod/tcp/a/b', protocol: 'tcp', port: 80 } as const;
const nameOf = (account: string): string => `${account}.demo.serviceaccount.identity.linkerd.cluster.local`;
const pods = twoNodes.pods.map((pod) => ({ ...pod, serviceAccount: pod.name, httpPort: 80 }));
const HOUR = 3_600_000;

let authority: Authority;
let healthy: TlsWrite[];

async function session(servername = nameOf('b'), alpn = 'transport.l5d.io/v1'): Promise<TlsWrite[]> {
  const [a, b] = ['a', 'b'].map((account) =>
    authority.issue({ uri: nameOf(account), notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + HOUR) }),
  );
  const trust = { ca: authority.root, ecdhCurve: 'X25519:P-256', ALPNProtocols: [alpn] };
  return tlsTraffic({
    client: { ...trust, cert: a!.certificate, key: a!.privateKey, servername },
    server: { ...trust, cert: b!.certificate, key: b!.privateKey, requestCert: true },
    request: SECRET,
    answer: 'answer',
  });
}

beforeAll(async () => {
  authority = newAuthority();
  healthy = await session();
});

function segment(from: string, to: string, sport: number, dport: number, sequence: number, payload: Uint8Array): Buffer {
  return ethernetFrame(ipv4Packet(from, to, 6, tcpSegment(sport, dport, sequence, payload)));
}

function framesOf(writes: readonly TlsWrite[]): Buffer[] {
  const next = { client: 1, server: 1 };
  return writes.map(({ side, bytes }) => {
    const sequence = next[side];
    next[side] += bytes.length;
    return side === 'client' ? segment(POD1, POD2, 40_000, 4143, sequence, bytes) : segment(POD2, POD1, 4143, 40_000, sequence, bytes);
  });
}

const text = (canary: string): Buffer => Buffer.from(`POST / HTTP/1.1\r\nX-Canary: ${canary}\r\n\r\n`);
const inClear = (from: string, to: string, port: number, canary: string): Buffer => segment(from, to, 40_001, port, 1, text(canary));

const counted = (direction: 'inbound' | 'outbound', account: string): string =>
  `tcp_open_total{direction="${direction}",peer="${direction === 'inbound' ? 'src' : 'dst'}",target_port="80",tls="true",${direction === 'inbound' ? 'client_id' : 'server_id'}="${nameOf(account)}"} 1\n`;

interface Change {
  readonly frames?: readonly Buffer[];
  /** Metrics of the proxies of the pods a and b. */
  readonly metrics?: readonly [string, string];
  readonly injected?: readonly string[];
}

async function verdicts({
  frames = framesOf(healthy),
  metrics = [counted('outbound', 'b'), counted('inbound', 'a')],
  injected = ['a', 'b'],
}: Change = {}) {
  const items = ['a', 'b'].map((name) => ({
    metadata: { name, namespace: 'demo' },
    spec: { containers: [{ name: 'witness' }, ...(injected.includes(name) ? [{ name: 'linkerd-proxy' }] : [])] },
  }));
  const recording = buildRecording({
    intent: { stack: 'linkerd', mode: 'tls', routing: 'native', profile: '2.20', perTunnelKeys: false },
    cluster: { ...twoNodes, pods },
    captures: [
      { phase: 'clear', frames: [inClear(POD1, POD2, 80, CLEAR), segment(POD2, POD1, 80, 40_001, 1, text(CLEAR))] },
      { phase: 'encrypted', frames },
    ],
    traffic: [flow('clear', CLEAR, FLOW), flow('encrypted', SECRET, FLOW)],
    outputs: (['before', 'after'] as const).flatMap((snapshot): OutputParts[] => [
      ...['a', 'b'].map((pod, index) => ({
        ...{ snapshot, node: `node${index + 1}`, collector: 'proxy-metrics' },
        stdout: `${POD_LINE}demo/${pod}\n${metrics[index]}`,
      })),
      { snapshot, node: null, collector: POD_OBJECTS, stdout: `${JSON.stringify({ kind: 'List', items }, null, 1)}\n` },
    ]),
  });
  const { verdicts: all } = await judge(recording, catalogue);
  return new Map(all.map((verdict) => [verdict.id, verdict]));
}

const verdictOf = async (id: string, change: Change = {}) => {
  const { verdict, facts } = (await verdicts(change)).get(id)!;
  return { verdict, text: facts[0]?.text ?? '' };
};

test('a healthy mesh supports every check of its own, and what it does not show is not exercised', async () => {
  const all = await verdicts();
  for (const id of ['TLS-01', 'TLS-02', 'TLS-03', 'TLS-04', 'TLS-11', 'TLS-12', 'WIR-01', 'WIR-03'])
    expect({ id, verdict: all.get(id)!.verdict, facts: all.get(id)!.facts.map((fact) => fact.text) }).toMatchObject({
      id,
      verdict: 'supports',
    });
  for (const id of ['TLS-05', 'TLS-06']) expect(all.get(id)!.verdict).toBe('not-exercised');
});

describe('identities by count', () => {
  test('of another account contradict', async () => {
    expect(await verdictOf('TLS-04', { metrics: [counted('outbound', 'b'), counted('inbound', 'other')] })).toMatchObject({
      verdict: 'contradicts',
      text: expect.stringContaining(`expected ${nameOf('a')}`),
    });
  });

  test('that no proxy counted are no proof', async () => {
    expect(await verdictOf('TLS-04', { metrics: [counted('outbound', 'b'), ''] })).toMatchObject({
      verdict: 'inconclusive',
      text: expect.stringContaining('counted no inbound connection'),
    });
  });

  test('of a stranger beside the right one contradict', async () => {
    const inbound = `${counted('inbound', 'a')}${counted('inbound', 'stranger')}`;
    expect(await verdictOf('TLS-04', { metrics: [counted('outbound', 'b'), inbound] })).toMatchObject({
      verdict: 'contradicts',
      text: expect.stringContaining('no pod on record'),
    });
  });
});

test('another server name or protocol is red where the profile was seen, and in the lab', async () => {
  for (const writes of [await session(nameOf('a')), await session(nameOf('b'), 'h2')])
    expect((await verdictOf('TLS-11', { frames: framesOf(writes) })).verdict).toBe('contradicts');
});

test('a pod without a proxy is not enrolled', async () => {
  expect(await verdictOf('TLS-12', { injected: ['a'] })).toMatchObject({
    verdict: 'contradicts',
    text: 'API server before: demo/b is not enrolled: has no container linkerd-proxy',
  });
});

describe('undriven plaintext', () => {
  const undriven = (from: string, to: string, port: number) =>
    verdictOf('WIR-01', { frames: [...framesOf(healthy), inClear(from, to, port, 'no canary')] });

  test('between the pods of the run contradicts, but on a port that the redirection leaves out', async () => {
    expect((await undriven(POD1, POD2, 4569)).verdict).toBe('contradicts');
    expect((await undriven(POD1, POD2, 4567)).verdict).toBe('supports');
  });

  test('of pods that are not on record is not part of the claim', async () => {
    expect((await undriven('10.0.1.77', '10.0.2.77', 80)).verdict).toBe('supports');
    expect((await undriven('10.0.1.77', POD2, 80)).verdict).toBe('supports');
  });
});
