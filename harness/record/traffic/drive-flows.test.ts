import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localShell } from '../../proc/local-shell.ts';
import { driveFlows } from './drive-flows.ts';
import type { PlannedFlow } from './planned-flow.ts';

let http: Server;
let udp: Socket;
/** Takes datagrams and answers the third and later ones. */
let slow: Socket;
/** Never answers. */
let silent: Socket;
const canaries: (string | undefined)[] = [];
/** Method, path and length of the body of each HTTP request. */
const asked: string[] = [];

beforeAll(async () => {
  http = createServer((request, response) => {
    canaries.push(request.headers['x-canary']?.toString());
    asked.push(`${request.method} ${request.url} ${request.headers['content-length']}`);
    request.resume().on('end', () => response.setHeader('X-Backend', 'deathstar-1').end('Ship landed\n'));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  udp = createSocket('udp4');
  udp.on('message', (message, from) => udp.send(message, from.port, from.address));
  slow = createSocket('udp4');
  let heard = 0;
  slow.on('message', (message, from) => {
    heard += 1;
    if (heard > 2) slow.send(message, from.port, from.address);
  });
  silent = createSocket('udp4');
  for (const socket of [udp, slow, silent]) await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const socket of [udp, slow, silent]) socket.close();
  await new Promise((resolve) => http.close(resolve));
});

const end = { name: 'here', kind: 'node', node: 'here', address: '127.0.0.1' } as const;
const flow = (id: string, protocol: PlannedFlow['protocol'], port: number | null, more: Partial<PlannedFlow> = {}): PlannedFlow => ({
  ...{
    id,
    path: 'node-node',
    family: 'ipv4',
    protocol,
    source: end,
    destination: end,
    port,
    canary: '00112233445566778899aabbccddeeff',
    count: 2,
    bytes: 0,
  },
  ...more,
});
const now = () => ({ utc: '2026-01-01T00:00:00.000Z', monotonicMs: 0 });

test('HTTP and UDP flows are driven, carry their canary and are accounted for', async () => {
  const port = (http.address() as AddressInfo).port;
  const flows = [
    flow('http', 'tcp', port),
    flow('udp', 'udp', udp.address().port),
    flow('large', 'udp', udp.address().port, { bytes: 3000, count: 1 }),
  ];
  const records = await driveFlows(localShell(), flows, 'clear', now);
  expect(records.map(({ id, sent, answered, answeredBy, note }) => ({ id, sent, answered, answeredBy, note }))).toEqual([
    { id: 'http', sent: 2, answered: 2, answeredBy: ['deathstar-1'], note: '' },
    { id: 'udp', sent: 2, answered: 2, answeredBy: [], note: '' },
    { id: 'large', sent: 1, answered: 1, answeredBy: [], note: '' },
  ]);
  expect(canaries).toEqual(['00112233445566778899aabbccddeeff', '00112233445566778899aabbccddeeff']);
});

test('another request than the demo’s has no body, and carries the canary all the same', async () => {
  const port = (http.address() as AddressInfo).port;
  const before = asked.length;
  const [record] = await driveFlows(localShell(), [flow('health', 'tcp', port, { request: 'GET /hello', count: 1 })], 'clear', now);
  expect(record).toMatchObject({ sent: 1, answered: 1, note: '' });
  expect(asked.slice(before)).toEqual(['GET /hello 0']);
  expect(canaries.at(-1)).toBe('00112233445566778899aabbccddeeff');
});

test('a request nobody answers is recorded as lost, with what the system said', async () => {
  const [record] = await driveFlows(localShell(), [flow('closed', 'tcp', 1, { count: 1 })], 'clear', now);
  expect(record).toMatchObject({ sent: 1, answered: 0 });
  expect(record?.note).toMatch(/refused/i);
});

test('blocked flows are waited for in parallel, and delay no other', async () => {
  const { port } = silent.address();
  const blocked = ['a', 'b', 'c', 'd'].map((id) => flow(id, 'udp', port));
  const waits = { patienceMs: 50, answerMs: 1500, againMs: 0 };
  const began = performance.now();
  const records = await driveFlows(localShell(), [...blocked, flow('udp', 'udp', udp.address().port)], 'clear', now, { waits });
  const took = performance.now() - began;
  expect(records.map(({ sent, answered }) => [sent, answered])).toEqual([...blocked.map(() => [2, 0]), [2, 2]]);
  expect(records[0]?.note).toBe('2x no answer within 1.5 s');
  expect(records[4]!.endedAt.monotonicMs).toBeLessThan(1500);
  // One after the other they would take 12 s.
  expect(took).toBeGreaterThan(1500);
  expect(took).toBeLessThan(6000);
});

test('a request that may be repeated is sent until it is answered', async () => {
  const waits = { patienceMs: 0, answerMs: 60_000, againMs: 1000 };
  const [record] = await driveFlows(localShell(), [flow('slow', 'udp', slow.address().port, { count: 1 })], 'clear', now, { waits });
  expect(record).toMatchObject({ sent: 3, answered: 1, note: '' });
  expect(record!.endedAt.monotonicMs - record!.startedAt.monotonicMs).toBeGreaterThanOrEqual(1990);
});

test('a port that refuses is asked again until the limit has passed', async () => {
  const waits = { patienceMs: 0, answerMs: 3000, againMs: 200 };
  const [record] = await driveFlows(localShell(), [flow('refused', 'udp', 1, { count: 1 })], 'clear', now, { waits });
  expect(record).toMatchObject({ answered: 0, note: '1x no answer within 3 s' });
  expect(record?.sent).toBeGreaterThan(2);
});
