import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judge } from '../../harness/judge/judge.ts';
import type { StackName } from '../../harness/model/intent.ts';
import type { FlowEnd } from '../../harness/model/recording.ts';
import { accessLogOf } from '../../harness/stacks/ztunnel/collect.ts';
import { buildRecording, flow, type OutputParts } from '../../harness/testing/recording.ts';
import { twoNodes } from '../../harness/testing/two-nodes.ts';
import { catalogue } from '../catalogue.ts';

/**
 * What a real ztunnel (commit 62d8265, after 1.31.0-rc.0, its own test authority) sent and logged for each of two pods, which were network namespaces on one
 * bridge with the redirection of Istio's CNI agent; without Istio around it. The authority and the pods ended with the program.
 */
const DATA = new URL('../../harness/stacks/ztunnel/testdata/', import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, DATA));

const A = '10.77.1.11';
const B = '10.77.2.11';
const cluster = {
  ...twoNodes,
  nodes: twoNodes.nodes.map((node, index) => ({ ...node, podCidrs: [`10.77.${index + 1}.0/24`], internalAddresses: [] })),
  pods: twoNodes.pods.map((pod, index) => ({ ...pod, addresses: [[A, B][index]!], serviceAccount: pod.name, httpPort: 8080 })),
};
const ends: Readonly<Record<'a' | 'b', FlowEnd>> = {
  a: { name: 'demo/a', kind: 'pod', node: 'node1', address: A },
  b: { name: 'demo/b', kind: 'pod', node: 'node2', address: B },
};
const there = { id: 'pod-pod/tcp/a/b', protocol: 'tcp', port: 8080, source: ends.a, destination: ends.b } as const;
const back = { id: 'pod-pod/tcp/b/a', protocol: 'tcp', port: 8080, source: ends.b, destination: ends.a } as const;

/** Frames of a file of tcpdump on a little-endian machine. */
function framesOf(name: string): Buffer[] {
  const file = read(`${name}.pcap`);
  const frames: Buffer[] = [];
  for (let at = 24; at < file.length; at += 16 + file.readUInt32LE(at + 8))
    frames.push(file.subarray(at + 16, at + 16 + file.readUInt32LE(at + 8)));
  return frames;
}

const kept = (name: string, node: string): string =>
  accessLogOf(node, { namespace: 'istio-system', selector: 'app=ztunnel' }, cluster).redact!(read(name).toString(), () => '');

async function verdicts(name: 'tls' | 'around' | 'pqc', stack: StackName = 'istio-ambient', profile = '1.31') {
  const logs = name === 'pqc' ? ['', ''] : [kept(`${name}-a.log`, 'node1'), kept(`${name}-b.log`, 'node2')];
  const recording = buildRecording({
    intent: { stack, mode: 'tls', routing: 'native', profile, perTunnelKeys: false },
    cluster,
    captures: [
      { phase: 'clear', frames: framesOf('clear') },
      { phase: 'encrypted', frames: framesOf(name) },
    ],
    traffic: [
      flow('clear', '0123456789abcdef0123456789abcdef', there),
      flow('clear', '00112233445566778899aabbccddeeff', back),
      flow('encrypted', 'fedcba9876543210fedcba9876543210', there),
      flow('encrypted', 'ffeeddccbbaa99887766554433221100', back),
    ],
    outputs: (['before', 'after'] as const).flatMap((snapshot): OutputParts[] =>
      logs.map((stdout, index) => ({ snapshot, node: `node${index + 1}`, collector: 'proxy-log', stdout })),
    ),
  });
  const { verdicts: all } = await judge(recording, catalogue);
  return new Map(all.map((verdict) => [verdict.id, verdict]));
}

const WIRE = ['TLS-01', 'TLS-02', 'TLS-03', 'TLS-11', 'WIR-01', 'WIR-03'];

test('the wire of a real ztunnel is as the profile says, and its logs name both identities', async () => {
  const all = await verdicts('tls');
  for (const id of [...WIRE, 'TLS-04'])
    expect({ id, verdict: all.get(id)!.verdict, facts: all.get(id)!.facts.map(({ text }) => text) }).toMatchObject({
      id,
      verdict: 'supports',
    });
  expect(all.get('TLS-01')!.observed).toEqual(['2 TLS connection(s), 2 with ciphertext both ways']);
  expect(all.get('TLS-02')!.observed).toEqual(['TLS 1.3 TLS_AES_256_GCM_SHA384 (2)']);
  expect(all.get('TLS-03')!.observed).toEqual(['x25519 (2)']);
  expect(all.get('TLS-04')!.observed).toEqual([
    'spiffe://cluster.local/ns/demo/sa/a -> spiffe://cluster.local/ns/demo/sa/b (6), spiffe://cluster.local/ns/demo/sa/b -> spiffe://cluster.local/ns/demo/sa/a (2)',
  ]);
  expect(all.get('TLS-11')!.observed).toEqual(['h2, no server name (2)']);
});

test('the ztunnel of Cilium is the same program', async () => {
  const all = await verdicts('tls', 'cilium-ztunnel', '1.20');
  for (const id of [...WIRE, 'TLS-04']) expect({ id, verdict: all.get(id)!.verdict }).toMatchObject({ id, verdict: 'supports' });
});

test('with COMPLIANCE_POLICY=pqc the key exchange is post-quantum', async () => {
  const all = await verdicts('pqc');
  expect(all.get('TLS-03')).toMatchObject({ verdict: 'supports', notes: ['2 of 2 key exchange(s) are post-quantum'] });
});

describe('a pod whose redirection is gone', () => {
  test('sends past its ztunnel in the clear, and is answered', async () => {
    const all = await verdicts('around');
    const red = [...all.values()].filter(({ id, verdict }) => verdict === 'contradicts' && /^(TLS|WIR-0[13])/.test(id));
    expect(red.map(({ id }) => id).sort()).toEqual(['TLS-01', 'WIR-01', 'WIR-03']);
  });
});
