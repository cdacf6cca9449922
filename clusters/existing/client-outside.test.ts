import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { NodeDescription, PodDescription, ServiceDescription } from '../../harness/model/cluster.ts';
import { EnvironmentError } from '../../harness/model/environment-error.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { UsageError } from '../../harness/model/usage-error.ts';
import { addressesSeen, expectOutside, type OpenedCluster, sourceOf } from './client-outside.ts';

const node = (name: string, address: string): NodeDescription => ({
  name,
  addresses: [address],
  podCidrs: ['10.244.1.0/24', 'fd00:10:1::/64'],
  internalAddresses: ['10.244.1.1'],
  uplink: 'eth0',
});

describe('a machine is refused as a client outside', () => {
  const nodes = [node('node1', '192.168.0.1')];
  test.each([
    ['192.168.0.1', /^--client-outside local: this machine has the address 192\.168\.0\.1 of the node node1, so it is not outside/],
    ['10.244.1.1', /of the node node1/],
    ['10.244.1.77', /of the pod range 10\.244\.1\.0\/24 of node1/],
    ['fd00:10:1:0::7', /of the pod range fd00:10:1::\/64 of node1/],
  ])('with the address %s', (address, message) => {
    expect(() => expectOutside(nodes, ['203.0.113.5', address])).toThrow(message);
    expect(() => expectOutside(nodes, [address])).toThrow(UsageError);
  });

  test('in a pod, whatever its address, and with more nodes than ports', () => {
    expect(() => expectOutside(nodes, ['203.0.113.5'])).not.toThrow();
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.96.0.1');
    expect(() => expectOutside(nodes, ['203.0.113.5'])).toThrow(/this program runs in a pod/);
    vi.unstubAllEnvs();
    const many = Array.from({ length: 501 }, (_, n) => node(`n${n}`, `192.168.${n >> 8}.${n & 255}`));
    expect(() => expectOutside(many, ['203.0.113.5'])).toThrow(/each of 501 nodes, and 500 is the most; choose some with --node-selector/);
  });
});

test('the source of the packet with the token is found in what tcpdump prints', () => {
  const token = 'ab'.repeat(16);
  const printed = (from: string, text: string) =>
    `12:00:00.000001 IP${from.includes(':') ? '6' : ''} ${from}.40000 > 192.168.0.1.30001: Flags [P.], length 9\nE..@.@${text}..\n`;
  expect(sourceOf(printed('203.0.113.9', 'GET /') + printed('203.0.113.5', `X-Canary: ${token}`), token)).toBe('203.0.113.5');
  expect(sourceOf(printed('2001:db8::5', `X-Canary: ${token}`), token)).toBe('2001:db8::5');
  expect(sourceOf(printed('203.0.113.5', 'X-Canary: cd'), token)).toBeNull();
  expect(sourceOf('', token)).toBeNull();
});

describe('every node is asked', () => {
  let port = 0;
  const tokens: string[] = [];
  const server = createServer((asked, response) => {
    tokens.push(String(asked.headers['x-canary']));
    response.end('pod');
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.close();
  });

  /** A node's shell with a tcpdump that shows every request as from this address; null: it shows none. */
  const showing = (from: string | null): Shell => ({
    ...({} as Shell),
    name: 'node1',
    start: async () => ({
      ready: async () => 'listening on eth0',
      stop: async () => ({
        argv: [],
        exitCode: 0,
        stderr: '',
        stdout:
          from === null ? '' : tokens.map((token) => `12:00:00.1 IP ${from}.4 > 127.0.0.1.3: Flags [P.]\nX-Canary: ${token}\n`).join(''),
      }),
      ended: new Promise(() => {}),
    }),
  });
  const asked = (from: string | null, more: Partial<OpenedCluster> = {}): Promise<readonly string[]> => {
    const pods: PodDescription[] = [{ name: 'a', namespace: 'demo', node: 'node1', addresses: ['10.244.1.5'], labels: {} }];
    const services: ServiceDescription[] = [
      { name: 'a-local', namespace: 'demo', addresses: [], port: 80, nodePort: { port, kind: 'local' }, backends: ['demo/a'] },
    ];
    return addressesSeen({
      nodes: [node('node1', '127.0.0.1')],
      pods,
      services,
      families: ['ipv4'],
      host: () => showing(from),
      progress: () => {},
      signal: new AbortController().signal,
      ...more,
    });
  };

  test('and the address that it sees counts, behind a translation too', async () => {
    expect(await asked('203.0.113.5')).toEqual(['203.0.113.5']);
  });

  test('and a node that sees an address of the cluster is refused', async () => {
    await expect(asked('10.244.1.1')).rejects.toThrow(/node1 sees the requests of this machine as from 10\.244\.1\.1 of the node node1/);
    await expect(asked('10.244.1.5')).rejects.toThrow(UsageError);
  });

  test('and what the uplink does not show is the environment, as is a family that no node has', async () => {
    await expect(asked(null)).rejects.toThrow(
      /reaches no port of a node: node1 \(127\.0\.0\.1, TCP port \d+\): it answers, but its uplink eth0 does not show/,
    );
    await expect(asked('203.0.113.5', { families: ['ipv6'] })).rejects.toThrow(/no node has an address of the claimed families/);
    await expect(asked(null)).rejects.toThrow(EnvironmentError);
  });

  test('a node that is reached and another that is not are the environment', async () => {
    const both = { nodes: [node('node1', '127.0.0.1'), node('node1', '127.0.0.1')] };
    let calls = 0;
    await expect(asked(null, { ...both, host: () => showing(calls++ === 0 ? '203.0.113.5' : null) })).rejects.toThrow(
      /reaches some nodes over ipv4 and not others: node1/,
    );
  });
});
