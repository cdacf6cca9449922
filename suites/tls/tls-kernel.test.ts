import { beforeAll, describe, expect, test } from 'vitest';
import { newAuthority } from '../../clusters/tls/authority.ts';
import { judge } from '../../harness/judge/judge.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../harness/testing/packets.ts';
import { buildRecording, flow, type OutputParts } from '../../harness/testing/recording.ts';
import { type TlsWrite, tlsTraffic } from '../../harness/testing/tls-traffic.ts';
import { POD1, POD2, twoNodes } from '../../harness/testing/two-nodes.ts';
import { catalogue } from '../catalogue.ts';

let writes: TlsWrite[];

beforeAll(async () => {
  const authority = newAuthority();
  const lifetime = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 60_000) };
  const { certificate: cert, privateKey: key } = authority.issue({ uri: 'spiffe://cluster.local/ns/demo/sa/b', ...lifetime });
  writes = await tlsTraffic({ server: { cert, key }, request: 'question', answer: 'answer' });
});

function frames(): Buffer[] {
  const next = { client: 1, server: 1 };
  return writes.map(({ side, bytes }) => {
    const [src, dst, sport, dport] = side === 'client' ? [POD1, POD2, 40_000, 15_008] : [POD2, POD1, 15_008, 40_000];
    const frame = ethernetFrame(ipv4Packet(src!, dst!, 6, tcpSegment(Number(sport), Number(dport), next[side], bytes)));
    next[side] += bytes.length;
    return frame;
  });
}

interface Change {
  readonly claimed?: 'send' | 'send-and-receive' | null;
  /** Of the client's pod. */
  readonly counters?: Readonly<Record<string, number>>;
  readonly ulp?: string;
  readonly port?: number;
  readonly connected?: boolean;
}

const BOTH = 'tcp-ulp-tls version: 1.3 cipher: aes-gcm-256 rxconf: sw txconf: sw';

async function tls09({ claimed = 'send-and-receive', counters = {}, ulp = BOTH, port = 40_000, connected = true }: Change = {}) {
  const stat = (pod: string, values: Readonly<Record<string, number>>): string =>
    `pod demo.${pod}\n${Object.entries(values)
      .map(([name, value]) => `${name} \t${value}\n`)
      .join('')}`;
  const none = { TlsTxSw: 0, TlsRxSw: 0, TlsTxDevice: 0, TlsRxDevice: 0, TlsDecryptError: 0 };
  const socket = (pod: string, ends: string, own: string): string => `pod demo.${pod}\nESTAB 0 0 ${ends} cubic mss:1448 ${own}\n`;
  const outputs: OutputParts[] = [
    { snapshot: 'before', node: 'node1', collector: 'tls-stat', stdout: stat('a', none) },
    { snapshot: 'before', node: 'node2', collector: 'tls-stat', stdout: stat('b', none) },
    { snapshot: 'after', node: 'node1', collector: 'tls-stat', stdout: stat('a', { ...none, TlsTxSw: 1, TlsRxSw: 1, ...counters }) },
    { snapshot: 'after', node: 'node2', collector: 'tls-stat', stdout: stat('b', { ...none, TlsTxSw: 1, TlsRxSw: 1 }) },
    ...(connected
      ? ([
          { snapshot: 'connected', node: 'node1', collector: 'tls-sockets', stdout: socket('a', `${POD1}:${port} ${POD2}:15008`, ulp) },
          { snapshot: 'connected', node: 'node2', collector: 'tls-sockets', stdout: socket('b', `${POD2}:15008 ${POD1}:${port}`, BOTH) },
        ] as const)
      : []),
  ];
  const recording = buildRecording({
    intent: {
      ...{ stack: 'mesh-tls', mode: 'tls', routing: 'native', profile: 'hbone', perTunnelKeys: false },
      ...(claimed === null ? {} : { kernelTls: claimed }),
    },
    cluster: twoNodes,
    captures: [{ phase: 'encrypted', frames: frames() }],
    traffic: [flow('encrypted', '1'.repeat(32), { id: 'pod-pod/tcp/a/b', protocol: 'tcp', port: 80 })],
    outputs,
  });
  const { verdicts } = await judge(recording, catalogue);
  const { verdict, facts, observed } = verdicts.find(({ id }) => id === 'TLS-09')!;
  return { verdict, text: facts.map(({ text }) => text).join('; '), observed };
}

test('keys in the kernel for both directions, as the handshake agreed on them', async () => {
  expect(await tls09()).toMatchObject({
    verdict: 'supports',
    observed: ['TLS 1.3 aes-gcm-256, send sw, receive sw (2)'],
  });
});

test('not claimed: not applicable, whatever the kernel says', async () => {
  expect((await tls09({ claimed: null })).verdict).toBe('not-applicable');
});

test('keys for what is sent alone are enough where that alone is claimed', async () => {
  const change = { counters: { TlsRxSw: 0 }, ulp: BOTH.replace('rxconf: sw', 'rxconf: none') };
  expect((await tls09({ ...change, claimed: 'send' })).verdict).toBe('supports');
  const both = await tls09(change);
  expect(both).toMatchObject({ verdict: 'contradicts' });
  expect(both.text).toContain('the kernel has no keys for what is received');
  expect(both.text).toContain('got keys for what is received on 0 socket(s)');
});

describe('contradicts', () => {
  test.each<[string, Change, string]>([
    ['fewer sockets with keys than connections', { counters: { TlsTxSw: 0 } }, 'got keys for what is sent on 0 socket(s)'],
    ['a record that could not be decrypted', { counters: { TlsDecryptError: 1 } }, 'could not decrypt 1 record(s)'],
    ['a socket without the ULP', { ulp: '' }, 'the proxy makes the records'],
    ['a socket with the ULP and without keys', { ulp: 'tcp-ulp-tls rxconf: none txconf: none' }, 'the proxy makes the records'],
    ['another version', { ulp: BOTH.replace('1.3', '1.2') }, 'the kernel has TLS 1.2, the handshake agreed on TLS 1.3'],
    ['another cipher', { ulp: BOTH.replace('256', '128') }, 'the kernel has aes-gcm-128, the handshake agreed on TLS_AES_256_GCM_SHA384'],
  ])('%s', async (_, change, reason) => {
    const { verdict, text } = await tls09(change);
    expect(verdict).toBe('contradicts');
    expect(text).toContain(reason);
  });
});

describe('inconclusive', () => {
  test.each<[string, Change, string]>([
    ['no reading of the sockets', { connected: false }, 'not in the recording'],
    ['a socket whose handshake no capture shows', { port: 41_000 }, 'no capture shows the handshake of it'],
    ['a counter that is not there', { counters: { TlsDecryptError: Number.NaN } }, 'tls-stat'],
  ])('%s', async (_, change, reason) => {
    const { verdict, text } = await tls09(change);
    expect(verdict).toBe('inconclusive');
    expect(text).toContain(reason);
  });
});
