import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, newAuthority } from '../../clusters/tls/authority.ts';
import { judge } from '../../harness/judge/judge.ts';
import type { RecordingManifest } from '../../harness/model/recording.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../harness/testing/packets.ts';
import { buildRecording, flow, instantAt, type OutputParts } from '../../harness/testing/recording.ts';
import { type TlsTraffic, type TlsWrite, tlsTraffic } from '../../harness/testing/tls-traffic.ts';
import { POD1, POD2, twoNodes } from '../../harness/testing/two-nodes.ts';
import { catalogue } from '../catalogue.ts';

const [CLEAR, SECRET] = ['0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'];
const HOUR = 3_600_000;
const FLOW = { id: 'pod-pod/tcp/a/b', protocol: 'tcp', port: 80 } as const;
const REFUSED = { id: 'node-pod/tcp/node1/b', path: 'node-pod', protocol: 'tcp', port: 80 } as const;
const IDS = ['a', 'b'].map((name) => `spiffe://cluster.local/ns/demo/sa/${name}`);
const pods = twoNodes.pods.map((pod) => ({ ...pod, serviceAccount: pod.name }));
/** A second pod of the first node. */
const POD3 = '10.0.1.12';

let authority: Authority;
let modern: TlsWrite[];

type Limits = NonNullable<TlsTraffic['client']>;

/** One session of the two pods; the lifetime is around the made-up times of recordings. */
async function session(limits: Limits = {}): Promise<TlsWrite[]> {
  const [a, b] = IDS.map((uri) => authority.issue({ uri, notBefore: new Date(Date.now() - HOUR), notAfter: new Date(Date.now() + HOUR) }));
  const trust = { ca: authority.root, ecdhCurve: 'X25519:P-256', ALPNProtocols: ['h2'], ...limits };
  return tlsTraffic({
    client: { ...trust, cert: a!.certificate, key: a!.privateKey },
    server: { ...trust, cert: b!.certificate, key: b!.privateKey, requestCert: true },
    request: SECRET,
    answer: 'answer',
  });
}

beforeAll(async () => {
  authority = newAuthority();
  modern = await session();
});

function segment(from: string, to: string, sport: number, dport: number, sequence: number, payload: Uint8Array): Buffer {
  return ethernetFrame(ipv4Packet(from, to, 6, tcpSegment(sport, dport, sequence, payload)));
}

function framesOf(writes: readonly TlsWrite[], server = POD2): Buffer[] {
  const next = { client: 1, server: 1 };
  return writes.map(({ side, bytes }) => {
    const sequence = next[side];
    next[side] += bytes.length;
    return side === 'client'
      ? segment(POD1, server, 40_000, 15_008, sequence, bytes)
      : segment(server, POD1, 15_008, 40_000, sequence, bytes);
  });
}

const text = (canary: string): Buffer => Buffer.from(`POST / HTTP/1.1\r\nX-Canary: ${canary}\r\n\r\n`);
const inClear = (canary: string, server = POD2): Buffer[] => [
  segment(POD1, server, 40_001, 80, 1, text(canary)),
  segment(server, POD1, 80, 40_001, 1, text(canary)),
];

function log(direction: string, source: string, ids: readonly string[] = IDS): string {
  return `2026-01-01T00:00:20Z\tinfo\taccess\tconnection complete\tsrc.addr=${source} src.identity="${ids[0]}" dst.addr=${POD2}:15008 dst.hbone_addr=${POD2}:80 dst.identity="${ids[1]}" direction="${direction}" bytes_sent=1 bytes_recv=1\n`;
}

interface Change {
  readonly frames?: readonly Buffer[];
  readonly logs?: readonly [string, string];
  readonly notAfter?: Date;
  /** Identities of the certificates of the two nodes. */
  readonly certificateOf?: readonly string[];
  readonly refused?: Partial<RecordingManifest['traffic'][number]>;
}

async function verdicts({
  frames = framesOf(modern),
  logs,
  notAfter = new Date('2026-01-01T12:00:00Z'),
  certificateOf = IDS,
  refused = {},
}: Change = {}) {
  const [out, into] = logs ?? [log('outbound', `${POD1}:33333`), log('inbound', `${POD1}:40000`)];
  const pem = (uri: string): string => authority.issue({ uri, notBefore: new Date(notAfter.getTime() - 24 * HOUR), notAfter }).certificate;
  const outputs = (['before', 'after'] as const).flatMap((snapshot): OutputParts[] => [
    { snapshot, node: 'node1', collector: 'proxy-log', stdout: out },
    { snapshot, node: 'node2', collector: 'proxy-log', stdout: into },
    { snapshot, node: 'node1', collector: 'proxy-certificates', stdout: pem(certificateOf[0]!) },
    { snapshot, node: 'node2', collector: 'proxy-certificates', stdout: pem(certificateOf[1]!) },
  ]);
  const recording = buildRecording({
    intent: { stack: 'mesh-tls', mode: 'tls', routing: 'native', profile: 'hbone', perTunnelKeys: false },
    cluster: { ...twoNodes, pods },
    captures: [
      { phase: 'clear', frames: inClear(CLEAR) },
      { phase: 'encrypted', frames },
    ],
    traffic: [
      flow('clear', CLEAR, FLOW),
      flow('encrypted', SECRET, FLOW),
      flow('clear', 'a'.repeat(32), REFUSED),
      flow('encrypted', 'b'.repeat(32), { ...REFUSED, answered: 0, answeredBy: [], ...refused }),
    ],
    outputs,
  });
  const { verdicts: all } = await judge(recording, catalogue);
  return new Map(all.map((verdict) => [verdict.id, verdict]));
}

/** Ids of the checks of the mesh and of plaintext that contradict. */
async function red(change: Change): Promise<string> {
  const all = await verdicts(change);
  return [...all.values()]
    .filter(({ id, verdict }) => verdict === 'contradicts' && /^(TLS|WIR-0[13])/.test(id))
    .map(({ id }) => id)
    .join(' ');
}

test('a healthy mesh supports every check of its own', async () => {
  const all = await verdicts();
  for (const id of ['TLS-01', 'TLS-02', 'TLS-03', 'TLS-04', 'TLS-05', 'TLS-06', 'WIR-01', 'WIR-03'])
    expect({ id, verdict: all.get(id)!.verdict, facts: all.get(id)!.facts.map((fact) => fact.text) }).toMatchObject({
      id,
      verdict: 'supports',
    });
  expect(all.get('TLS-02')!.observed).toEqual(['TLS 1.3 TLS_AES_256_GCM_SHA384 (1)']);
  expect(all.get('TLS-03')!.notes).toEqual(['0 of 1 key exchange(s) are post-quantum']);
  expect(all.get('XFR-01')!.verdict).toBe('not-applicable');
  expect(all.get('WGD-01')!.verdict).toBe('not-applicable');
});

describe('each fault is red in its checks', () => {
  test('plaintext past the proxies', async () => {
    expect(await red({ frames: inClear(SECRET) })).toBe('TLS-01 WIR-01 WIR-03');
  });

  test('plaintext in one direction beside the TLS of the other', async () => {
    expect(await red({ frames: [...framesOf(modern), inClear(SECRET)[0]!] })).toBe('WIR-01 WIR-03');
  });

  test('the null cipher', async () => {
    const frames = framesOf(await session({ maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' }));
    expect(await red({ frames })).toBe('TLS-01 TLS-02 WIR-01 WIR-03');
  });

  test('an older version', async () => {
    expect(await red({ frames: framesOf(await session({ maxVersion: 'TLSv1.2' })) })).toBe('TLS-02');
  });

  test('a group of others', async () => {
    expect(await red({ frames: framesOf(await session({ ecdhCurve: 'P-521' })) })).toBe('TLS-03');
  });

  test('another trust domain', async () => {
    const ids = ['spiffe://other.example/ns/demo/sa/a', IDS[1]!];
    expect(await red({ logs: [log('outbound', `${POD1}:33333`, ids), log('inbound', `${POD1}:40000`, ids)] })).toBe('TLS-04');
  });

  test('another identity in one of several connections of two pods', async () => {
    const other = log('outbound', `${POD1}:33334`, ['spiffe://cluster.local/ns/demo/sa/other', IDS[1]!]);
    expect(await red({ logs: [`${log('outbound', `${POD1}:33333`)}${other}`, log('inbound', `${POD1}:40000`)] })).toBe('TLS-04');
  });

  test('an expired certificate', async () => {
    expect(await red({ notAfter: new Date(Date.parse(instantAt(0).utc) - HOUR) })).toBe('TLS-05');
  });

  test('a pod that takes plaintext', async () => {
    expect(await red({ refused: { answered: 1 } })).toContain('TLS-06');
  });

  test('text on the port of the mesh, where no handshake was', async () => {
    const frames = [segment(POD1, POD2, 40_002, 15_008, 1, text(SECRET)), segment(POD2, POD1, 15_008, 40_002, 1, text(SECRET))];
    expect(await red({ frames })).toContain('WIR-01');
  });
});

test('a certificate of another pod is no proof of this one', async () => {
  const { verdict, facts } = (await verdicts({ certificateOf: [IDS[0]!, IDS[0]!] })).get('TLS-05')!;
  expect(verdict).toBe('inconclusive');
  expect(facts[0]!.text).toContain('no certificate of demo/b');
});

test('a log without the connection is no proof of identities', async () => {
  const { verdict, facts } = (await verdicts({ logs: ['', log('inbound', `${POD1}:40000`)] })).get('TLS-04')!;
  expect(verdict).toBe('inconclusive');
  expect(facts[0]!.text).toContain('logged no such connection');
});

describe('TLS-08: two pods of one node', () => {
  const [clear, secret] = ['1'.repeat(32), SECRET];
  const ends = {
    source: { name: 'demo/a', kind: 'pod', node: 'node1', address: POD1 },
    destination: { name: 'demo/c', kind: 'pod', node: 'node1', address: POD3 },
  } as const;
  const own = { id: 'same-node/tcp/a/c', path: 'same-node', protocol: 'tcp', port: 80, ...ends } as const;
  const third = { name: 'c', namespace: 'demo', node: 'node1', addresses: [POD3], labels: {}, serviceAccount: 'c', hostInterface: 'eth0' };

  async function tls08(frames: readonly Buffer[] | null, answered = 1) {
    const at = (phase: 'clear' | 'encrypted') =>
      ({ vantage: 'pod', node: 'node1', interface: 'eth0', file: `captures/${phase}/lxc3.pcap` }) as const;
    const recording = buildRecording({
      intent: { stack: 'mesh-tls', mode: 'tls', routing: 'native', profile: 'hbone', perTunnelKeys: false },
      cluster: { ...twoNodes, pods: [...pods, third] },
      captures: [
        { phase: 'clear', frames: inClear(CLEAR) },
        { phase: 'clear', frames: inClear(clear, POD3), record: at('clear') },
        { phase: 'encrypted', frames: framesOf(modern) },
        ...(frames === null ? [] : [{ phase: 'encrypted', frames, record: at('encrypted') } as const]),
      ],
      traffic: [flow('clear', clear, own), flow('encrypted', secret, { ...own, answered })],
    });
    const { verdicts: all } = await judge(recording, catalogue);
    const { verdict, facts } = all.find(({ id }) => id === 'TLS-08')!;
    return { verdict, text: facts[0]!.text };
  }

  test('TLS at the host side of the pod supports', async () => {
    expect(await tls08(framesOf(modern, POD3))).toMatchObject({ verdict: 'supports' });
  });

  test('plaintext there contradicts', async () => {
    const { verdict, text: reason } = await tls08(inClear(secret, POD3));
    expect(verdict).toBe('contradicts');
    expect(reason).toContain('2 frame(s) in the clear');
  });

  test('no capture there, an empty one, and no answer are inconclusive', async () => {
    expect((await tls08(null)).text).toContain('no complete capture at one of its pods');
    expect((await tls08([])).text).toContain('no TLS connection of its pods either');
    expect((await tls08(framesOf(modern, POD3), 0)).text).toContain('no request was answered');
  });

  test('where no two pods are on one node it is not exercised', async () => {
    expect((await verdicts()).get('TLS-08')!.verdict).toBe('not-exercised');
  });
});

describe('a connection that was opened before the capture', () => {
  const record = (body: Uint8Array): Buffer => Buffer.concat([Buffer.from([23, 3, 3, body.length >> 8, body.length & 255]), body]);
  const late = (body: Uint8Array): Buffer[] => [
    segment(POD1, POD2, 40_003, 15_008, 9000, record(body)),
    segment(POD2, POD1, 15_008, 40_003, 7000, record(body)),
  ];

  test('beside others leaves a gap: its records are neither readable nor encrypted', async () => {
    const all = await verdicts({ frames: [...late(randomBytes(120)), ...framesOf(modern)] });
    for (const id of ['WIR-01', 'WIR-04']) {
      const { verdict, facts } = all.get(id)!;
      expect({ id, verdict }).toEqual({ id, verdict: 'inconclusive' });
      expect(facts[0]!.text).toContain('opened before the capture');
    }
    expect(all.get('TLS-01')!.verdict).toBe('supports');
  });

  test('alone proves nothing of the flow', async () => {
    const all = await verdicts({ frames: late(randomBytes(120)) });
    for (const id of ['TLS-01', 'WIR-01', 'WIR-11']) expect({ id, verdict: all.get(id)!.verdict }).toEqual({ id, verdict: 'inconclusive' });
    expect(
      all
        .get('TLS-01')!
        .facts.map((fact) => fact.text)
        .join(),
    ).toContain('perhaps in a TLS connection that was opened before the capture');
  });

  test('with text in its records is readable', async () => {
    expect(await red({ frames: [...late(text(SECRET)), ...framesOf(modern)] })).toContain('WIR-01');
  });
});
