import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect, TLSSocket, type TLSSocketOptions } from 'node:tls';

/** One write of a side, in the order in which they were made. */
export interface TlsWrite {
  readonly side: 'client' | 'server';
  readonly bytes: Buffer;
}

/** What a TLS session of this process is to be. */
export interface TlsTraffic {
  readonly client?: ConnectionOptions;
  readonly server: TLSSocketOptions;
  /** What the client says, and the server answers. */
  readonly request: string;
  readonly answer: string;
}

/**
 * The bytes of a real TLS session between two ends in this process (Node's OpenSSL), from the first byte to the last.
 * @throws the error of the handshake, with what was written until then in `writes`
 */
export async function tlsTraffic({ client, server, request, answer }: TlsTraffic, writes: TlsWrite[] = []): Promise<TlsWrite[]> {
  const [a, b] = pipes(writes);
  const serving = new TLSSocket(b as never, { isServer: true, ...server });
  const asking = connect({ socket: a as never, rejectUnauthorized: false, ...client });
  await new Promise<void>((resolve, reject) => {
    asking.on('error', reject);
    serving.on('error', reject);
    serving.on('data', () => serving.end(answer));
    asking.on('secureConnect', () => asking.write(request));
    asking.on('data', () => {});
    asking.on('end', () => {
      asking.end();
      resolve();
    });
  });
  asking.destroy();
  serving.destroy();
  return writes;
}

function pipes(writes: TlsWrite[]): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const end = (side: TlsWrite['side'], other: number): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        writes.push({ side, bytes: Buffer.from(chunk) });
        ends[other]!.push(chunk);
        done();
      },
      final(done) {
        ends[other]!.push(null);
        done();
      },
    });
  ends.push(end('client', 1), end('server', 0));
  return [ends[0]!, ends[1]!];
}
