import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook of a test: its path stands for a token. */
export interface TestHook extends AsyncDisposable {
  readonly url: URL;
  /** `POST ` and what was sent, one each. */
  readonly bodies: readonly string[];
}

/** A server on this machine that answers everything with one status. */
export async function testHook(status: number): Promise<TestHook> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      bodies.push(`${request.method} ${body}`);
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  return { url: new URL(`http://127.0.0.1:${port}/token`), bodies, [Symbol.asyncDispose]: close };
}
