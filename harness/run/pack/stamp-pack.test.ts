import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { stampPack } from './stamp-pack.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-stamp-'));
const file = join(folder, 'a.tar.gz');
writeFileSync(file, 'a pack');
let server: Server | null = null;
afterEach(() => server?.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function authority(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`;
}

/** Granted, with the request itself where the token stands: it holds imprint and nonce, which is what we look at. */
const granting: RequestListener = async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat([Buffer.from('3003020100', 'hex'), ...parts]);
  response.end(Buffer.concat([Buffer.from([0x30, body.length]), body]));
};

test('the answer lies beside the pack as it came', async () => {
  const stamp = await stampPack(file, await authority(granting));
  expect(stamp).toBe(`${file}.tsr`);
  expect(readFileSync(stamp).subarray(2, 7).toString('hex')).toBe('3003020100');
});

test.each<[string, RequestListener, RegExp]>([
  ['a refusal', (_, response) => response.end(Buffer.from('30053003020102', 'hex')), /granted no time stamp/],
  [
    'an answer about something else',
    (_, response) => response.end(Buffer.from('30083003020100300100', 'hex')),
    /about another file or request/,
  ],
  ['an error', (_, response) => response.writeHead(503).end('busy'), /HTTP status 503.*the pack itself was written/],
  ['a page', (_, response) => response.end('<html></html>'), /granted no time stamp/],
])('%s is none, and no file is left for one', async (_name, answer, message) => {
  rmSync(`${file}.tsr`, { force: true });
  await expect(stampPack(file, await authority(answer))).rejects.toThrow(message);
  expect(() => readFileSync(`${file}.tsr`)).toThrow('ENOENT');
});

test('nobody there is an error of the environment', async () => {
  const url = await authority(granting);
  await new Promise((resolve) => server?.close(resolve));
  await expect(stampPack(file, url)).rejects.toMatchObject({ exitCode: 4 });
});
