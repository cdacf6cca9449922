import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localShell } from '../../proc/local-shell.ts';
import { RunClock } from '../run-clock.ts';
import { Load } from './load.ts';
import type { LoadFlow } from './planned-flow.ts';
import { ANSWER_MS } from './waits.ts';

const CANARY = '00112233445566778899aabbccddeeff';
let http: Server;
let udp: Socket;
const seen: string[] = [];
/** What the echo does with a datagram; replaced by tests. */
let echo = (message: Buffer, from: RemoteInfo): void => udp.send(message, from.port, from.address);

beforeAll(async () => {
  http = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('X-Backend', String(request.headers['x-canary'])).end('Ship landed\n'));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  udp = createSocket('udp4');
  udp.on('message', (message, from) => {
    seen.push(message.toString());
    echo(message, from);
  });
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  udp.close();
  await new Promise((resolve) => http.close(resolve));
});

const end = { name: 'here', kind: 'pod', node: 'here', address: '127.0.0.1' } as const;
const flow = (protocol: 'tcp' | 'udp', port: number): LoadFlow => {
  const common = { path: 'pod-pod', family: 'ipv4', source: end, destination: end, canary: CANARY, count: 0, bytes: 0 } as const;
  return { ...common, id: `load/${protocol}`, protocol, port };
};
const clock = new RunClock();
const start = (...flows: LoadFlow[]) => Load.start(localShell(), flows, () => clock.now(), { intervals: { tcp: 20, udp: 20, icmp: 20 } });

test('streams continue at their rate until they are stopped, and every request is accounted for', async () => {
  const load = await start(flow('tcp', (http.address() as AddressInfo).port), flow('udp', udp.address().port));
  await load.lasts(500);
  await load.lasts(500);
  const records = await load.stop();
  expect(records.map(({ id, phase, note }) => ({ id, phase, note }))).toEqual([
    { id: 'load/tcp', phase: 'window', note: '' },
    { id: 'load/udp', phase: 'window', note: '' },
  ]);
  for (const { sent, answered, load: figures } of records) {
    expect(sent).toBeGreaterThanOrEqual(20);
    expect(answered).toBe(sent);
    expect(figures).toMatchObject({ intervalMs: 20, losses: [] });
    expect(figures?.longestGapMs).toBeGreaterThan(0);
  }
  expect(records[0]?.answeredBy).toEqual([CANARY]);
  expect(seen).toContain(`${CANARY} seq=1`);
});

test('a request without an answer is lost with its number and time; a late or a second answer does not count', async () => {
  const original = echo;
  let number = 0;
  echo = (message, from) => {
    number += 1;
    if (number === 6) return;
    if (number === 7) setTimeout(() => original(message, from), ANSWER_MS + 200);
    else original(message, from);
    if (number === 8) original(message, from);
  };
  const load = await start(flow('udp', udp.address().port));
  await load.lasts(500);
  const [record] = await load.stop();
  echo = original;
  expect(record?.load?.losses.map(({ sequence }) => sequence)).toEqual([6, 7]);
  expect(record?.answered).toBe((record?.sent ?? 0) - 2);
  expect(record?.load?.longestGapMs).toBeGreaterThanOrEqual(40);
  const [first, second] = record?.load?.losses ?? [];
  expect((second?.at.monotonicMs ?? 0) - (first?.at.monotonicMs ?? 0)).toBeGreaterThanOrEqual(10);
  expect(first?.at.monotonicMs).toBeGreaterThanOrEqual(record?.startedAt.monotonicMs ?? Number.POSITIVE_INFINITY);
});

test('an outage that lasts to the end is a gap too', async () => {
  const original = echo;
  let number = 0;
  echo = (message, from) => {
    number += 1;
    if (number <= 6) original(message, from);
  };
  const load = await start(flow('udp', udp.address().port));
  await load.lasts(1000);
  const [record] = await load.stop();
  echo = original;
  expect(record?.answered).toBe(6);
  expect(record?.load?.longestGapMs).toBeGreaterThanOrEqual(500);
});

test('a load that reaches nothing also ends, with every request lost and the error of the system', async () => {
  const load = await start(flow('tcp', 1));
  await load.lasts(100);
  const [record] = await load.stop();
  expect(record?.sent).toBeGreaterThanOrEqual(5);
  expect(record?.answered).toBe(0);
  expect(record?.load?.losses).toHaveLength(record?.sent ?? 0);
  expect(record?.load?.longestGapMs).toBeGreaterThanOrEqual(60);
  expect(record?.note).toMatch(/refused/i);
});

test('waiting for a load that has ended is an error', async () => {
  const load = await start(flow('udp', udp.address().port));
  await load.stop();
  await expect(load.lasts(1)).rejects.toThrow(/load ended/);
});
