import { execFile, execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpGet } from './http-get.ts';

const BODY = 'tcp_open_total{tls="true"} 1\nother 2';
const server = createServer((request, response) => {
  response.writeHead(request.url === '/metrics' ? 200 : 404);
  response.end(BODY);
});
beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
afterAll(() => new Promise<void>((closed) => server.close(() => closed())));

const run = promisify(execFile);
const get = (path: string, keep?: string) => run('bash', ['-c', httpGet('127.0.0.1', (server.address() as AddressInfo).port, path, keep)]);

test('the answer comes without its header, as whole lines', async () => {
  expect((await get('/metrics')).stdout).toBe(`${BODY}\n`);
  expect((await get('/metrics', '^tcp_open_total[{]')).stdout.trimEnd()).toBe(BODY.split('\n')[0]);
  expect((await get('/metrics', '^nothing')).stdout.trim()).toBe('');
});

test('another status, and nobody there, is a failed command', async () => {
  await expect(get('/other')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('404') });
  expect(() => execFileSync('bash', ['-c', httpGet('127.0.0.1', 1, '/')], { stdio: 'pipe' })).toThrow();
});
