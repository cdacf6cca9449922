import { describe, expect, test } from 'vitest';
import type { Intent } from '../../harness/model/intent.ts';
import { judgeSample } from '../../harness/testing/sample-judge.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../harness/testing/two-nodes.ts';
import { catalogue } from '../catalogue.ts';

const HEAD = 'IP PREFIX/ADDRESS   IDENTITY\n';
const line = (prefix: string, identity: number, key: number, node: string) =>
  `${prefix.padEnd(20)}identity=${identity} encryptkey=${key} tunnelendpoint=${node} flags=hastunnel\n`;

/** The map of both agents: their pods with this key, and the pod CIDR of the second node with another. */
async function judge(
  intent: Partial<Intent>,
  { pods, cidr, endpoint = NODE2 }: { readonly pods: number; readonly cidr: number; readonly endpoint?: string },
) {
  const stdout =
    HEAD + line(`${POD1}/32`, 2001, pods, NODE1) + line(`${POD2}/32`, 2002, pods, NODE2) + line('10.0.2.0/24', 2, cidr, endpoint);
  return judgeSample(catalogue, 'CFG-08', 'wireguard', {
    intent,
    output: (output) =>
      output.collector === 'cilium-config' && output.snapshot === 'before' ? { ...output, collector: 'ipcache', stdout } : output,
  });
}

const KEY = 255;

describe('the entry for the whole pod CIDR of another node, with WireGuard', () => {
  test('has the key of the pods', async () => {
    const found = await judge({}, { pods: KEY, cidr: KEY });
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.notes).toEqual([]);
  });

  test('may have key id 0 where the tunnel goes inside WireGuard, and the result says so', async () => {
    const found = await judge({}, { pods: KEY, cidr: 0 });
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.notes).toEqual([
      expect.stringMatching(/^node1 before: ipcache entry 10\.0\.2\.0\/24 of node2 has key id 0; the packets of a tunnel inside/),
    ]);
  });

  test('must name its node as the tunnel endpoint all the same', async () => {
    const found = await judge({}, { pods: KEY, cidr: 0, endpoint: NODE1 });
    expect(found).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringMatching(/has the tunnel endpoint 172\.18\.0\.1, which is not/),
    });
  });

  test.each([
    ['native routing', { routing: 'native' }],
    ['the bare packet of a pod inside', { profile: '1.14' }],
  ] as const)('must have it with %s', async (_, intent) => {
    const found = await judge(intent, { pods: KEY, cidr: 0 });
    expect(found).toMatchObject({ verdict: 'contradicts', reason: expect.stringMatching(/entry 10\.0\.2\.0\/24 of node2 has key id 0/) });
  });

  test.each([0, 3])('is no excuse for the entries of pods, nor for another key: %s', async (key) => {
    expect((await judge({}, { pods: 0, cidr: key })).verdict).toBe('contradicts');
    expect((await judge({}, { pods: KEY, cidr: 3 })).verdict).toBe('contradicts');
  });
});
