import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { newAuthority } from '../../../clusters/tls/authority.ts';
import { type TlsTraffic, type TlsWrite, tlsTraffic } from '../../testing/tls-traffic.ts';
import type { TlsConnection } from './connection-facts.ts';
import { TlsConnections } from './connections.ts';
import { SYN, type TcpSegment } from './tcp-segment.ts';

const HOUR = 3_600_000;
const authority = newAuthority();
const issue = (account: string) =>
  authority.issue({
    uri: `spiffe://cluster.local/ns/default/sa/${account}`,
    notBefore: new Date(Date.now() - HOUR),
    notAfter: new Date(Date.now() + HOUR),
  });
const [client, server] = [issue('tiefighter'), issue('deathstar')];

type Limits = Pick<NonNullable<TlsTraffic['client']>, 'maxVersion' | 'ciphers' | 'ecdhCurve'>;

/** A real session with certificates of both sides. */
async function session(limits: Limits = {}, more: NonNullable<TlsTraffic['client']> = {}, writes: TlsWrite[] = []): Promise<TlsWrite[]> {
  const trust = { ca: authority.root, ALPNProtocols: ['h2'], ...limits };
  return tlsTraffic(
    {
      client: { ...trust, cert: client.certificate, key: client.privateKey, servername: 'deathstar.default', ...more },
      server: { ...trust, cert: server.certificate, key: server.privateKey, requestCert: true, rejectUnauthorized: true },
      request: 'request '.repeat(40),
      answer: 'answer '.repeat(60),
    },
    writes,
  );
}

/** Segments of at most `size` bytes. */
function segments(writes: readonly TlsWrite[], size = 1400): TcpSegment[] {
  const next = { client: 0xffff_fff0, server: 77 };
  const list: TcpSegment[] = [];
  for (const { side, bytes } of writes)
    for (let at = 0; at < bytes.length; at += size) {
      const payload = bytes.subarray(at, at + size);
      const ends =
        side === 'client'
          ? { src: 'a', sport: 40_000, dst: 'b', dport: 15_008, flow: 0 }
          : { src: 'b', sport: 15_008, dst: 'a', dport: 40_000, flow: 1 };
      list.push({ ...ends, sequence: next[side], flags: 24, payload, frame: list.length + 1 });
      next[side] = (next[side] + payload.length) >>> 0;
    }
  return list;
}

interface Followed {
  readonly inside: number[];
  readonly outside: Map<number, string>;
  readonly older: number[];
  readonly found: readonly TlsConnection[];
}

/** What is found must not depend on whether the segments have the numbers of their flows. */
function follow(list: readonly TcpSegment[]): Followed {
  const found = followOnce(list);
  expect(followOnce(list.map((segment) => ({ ...segment, flow: -1 })))).toEqual(found);
  expect(foundOfUnsettled(list)).toEqual(found.found);
  return found;
}

/** What is found if segments of settled flows are left out. */
function foundOfUnsettled(list: readonly TcpSegment[]): readonly TlsConnection[] {
  const ignore = (): void => {};
  const connections = new TlsConnections<null>({ inside: ignore, outside: ignore, older: ignore });
  for (const segment of list) if ((segment.flags & SYN) !== 0 || !connections.isSettled(segment.flow)) connections.note(segment, null);
  return connections.end();
}

function followOnce(list: readonly TcpSegment[]): Followed {
  const inside: number[] = [];
  const older: number[] = [];
  const outside = new Map<number, string>();
  const connections = new TlsConnections<number>({
    inside: (frame) => inside.push(frame),
    outside: (frame, why) => outside.set(frame, why),
    older: (frame) => older.push(frame),
  });
  for (const segment of list) connections.note(segment, segment.frame);
  return { inside, outside, older, found: connections.end() };
}

/** The same connection with its SYN, which only a capture that saw the beginning has. */
function afterSyn(list: readonly TcpSegment[]): readonly TcpSegment[] {
  const sequence = (list.find(({ src }) => src === 'a')?.sequence ?? 0) - 1;
  const syn = {
    src: 'a',
    sport: 40_000,
    dst: 'b',
    dport: 15_008,
    sequence: (sequence + 1) >>> 0,
    flags: 2,
    payload: new Uint8Array(0),
    frame: 0,
    flow: 0,
  };
  return [syn, ...list];
}

let modern: TlsWrite[];
let tls12: TlsWrite[];

beforeAll(async () => {
  modern = await session();
  tls12 = await session({ maxVersion: 'TLSv1.2' });
});

test('a flow is settled when its connection is no TLS, until a new one begins', () => {
  const connections = new TlsConnections<null>({ inside: () => {}, outside: () => {}, older: () => {} });
  const plain = (sequence: number, flags: number): TcpSegment => ({
    ...{ src: 'a', sport: 40_000, dst: 'b', dport: 15_008, flow: 0, sequence, flags, frame: sequence },
    payload: (flags & SYN) === 0 ? Buffer.from('GET / HTTP/1.1\r\n\r\n') : new Uint8Array(0),
  });
  const settled = [plain(1, SYN), plain(1, 24), plain(19, 24)].map((segment) => {
    connections.note(segment, null);
    return connections.isSettled(0);
  });
  expect(settled).toEqual([false, true, true]);
  for (const segment of afterSyn(segments(modern))) {
    connections.note(segment, null);
    expect([connections.isSettled(0), connections.isSettled(1), connections.isSettled(7)]).toEqual([false, false, false]);
  }
  expect(connections.end()).toMatchObject([{ version: 'TLS 1.3', established: true }]);
});

describe('a real session', () => {
  test('of TLS 1.3 tells version, suite, group, ALPN and SNI', () => {
    const { inside, outside, found } = follow(segments(modern));
    expect(outside).toEqual(new Map());
    expect(inside.length).toBeGreaterThan(4);
    expect(found).toMatchObject([
      {
        client: 'a',
        server: 'b',
        serverPort: 15_008,
        version: 'TLS 1.3',
        suite: 'TLS_AES_256_GCM_SHA384',
        group: 'X25519MLKEM768',
        serverName: 'deathstar.default',
        offeredAlpn: ['h2'],
        established: true,
        broken: null,
        unfinished: false,
      },
    ]);
    expect(found[0]!.sides.server.certificates).toEqual([]);
  });

  test('of TLS 1.2 tells the curve and the SPIFFE ids of both certificates', () => {
    const [found] = follow(segments(tls12)).found;
    expect(found).toMatchObject({ version: 'TLS 1.2', group: 'x25519', alpn: 'h2', established: true, broken: null });
    expect(found!.sides.client.certificates[0]!.uris).toEqual(['spiffe://cluster.local/ns/default/sa/tiefighter']);
    expect(found!.sides.server.certificates[0]!.uris).toEqual(['spiffe://cluster.local/ns/default/sa/deathstar']);
    expect(Date.parse(found!.sides.client.certificates[0]!.notAfter)).toBeGreaterThan(Date.now());
  });

  test('with a HelloRetryRequest tells the group of the second try', async () => {
    const writes = await tlsTraffic({
      client: { ecdhCurve: 'X25519:P-521' },
      server: { cert: server.certificate, key: server.privateKey, ecdhCurve: 'P-521' },
      request: 'a',
      answer: 'b',
    });
    const { outside, found } = follow(segments(writes));
    expect(outside.size).toBe(0);
    expect(found).toMatchObject([{ version: 'TLS 1.3', group: 'secp521r1', broken: null }]);
  });

  test('that was refused tells the alert', async () => {
    const writes: TlsWrite[] = [];
    const limits = { maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' } as const;
    const asked = tlsTraffic(
      { client: limits, server: { cert: server.certificate, key: server.privateKey, minVersion: 'TLSv1.3' }, request: 'a', answer: 'b' },
      writes,
    );
    await expect(asked).rejects.toThrow();
    expect(follow(segments(writes)).found).toMatchObject([
      { version: null, established: false, sides: { server: { alerts: ['protocol_version'] } } },
    ]);
  });
});

test('a server that gives up before the ClientHello says nothing that could be read', () => {
  const alert = { side: 'server', bytes: Buffer.from([21, 3, 1, 0, 2, 2, 80]) } as const;
  const none = { inside: [], outside: new Map(), older: [], found: [] };
  const after = (...writes: readonly TlsWrite[]): Followed => follow(afterSyn(segments(writes)));
  expect(after(alert)).toEqual(none);
  // More of it, or text in its place, is.
  expect(after(alert, alert).outside.size).toBe(2);
  expect(after(alert, { side: 'server', bytes: Buffer.from('GET / HTTP/1.1') }).outside.size).toBe(2);
  expect(after(alert, modern[0]!).outside.size).toBe(3);
});

test('a SYN that is sent again after one with data (TCP Fast Open) begins no other connection', () => {
  const list = segments(modern);
  const [first] = list;
  const { found, outside } = follow([{ ...first!, flags: 2 }, { ...first!, flags: 2, payload: new Uint8Array(0) }, ...list.slice(1)]);
  expect({ connections: found.length, outside: outside.size, established: found[0]?.established }).toEqual({
    connections: 1,
    outside: 0,
    established: true,
  });
});

describe('what is not TLS', () => {
  test('a session with the null cipher is readable from its first ciphertext on', async () => {
    const list = segments(await session({ maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' }));
    const { inside, outside, found } = follow(list);
    expect(found[0]!.suite).toBe('TLS_ECDHE_ECDSA_WITH_NULL_SHA');
    expect(found[0]!.broken?.why).toContain('leaves its content readable');
    expect(inside.length + outside.size).toBe(list.length);
    for (const { frame, payload } of list) if (Buffer.from(payload).includes('request request')) expect(outside.has(frame)).toBe(true);
  });

  test('text in a record of application data, after a real handshake', () => {
    const list = segments(modern);
    const last = list.findLast(({ src }) => src === 'a')!;
    const text = Buffer.from('GET /index.html HTTP/1.1\r\nHost: deathstar.default\r\nX-Canary: 1\r\n\r\n');
    const header = Buffer.from([23, 3, 3, 0, text.length]);
    const forged = { ...last, payload: Buffer.concat([header, text]), frame: last.frame };
    expect([...follow([...list.slice(0, list.indexOf(last)), forged]).outside.keys()]).toEqual([last.frame]);
  });

  test('a connection whose beginning was not seen', () => {
    const late = segments(modern).slice(3);
    const { inside, outside, older, found } = follow(late);
    expect({ inside, outside, found }).toEqual({ inside: [], outside: new Map(), found: [] });
    expect(older.sort((a, b) => a - b)).toEqual(late.map(({ frame }) => frame));
  });

  test('a clear start before the handshake, as with STARTTLS', () => {
    const start = Buffer.from('STARTTLS\r\n');
    const { inside, found } = follow(segments([{ side: 'client', bytes: start }, ...modern]));
    expect(inside.length).toBeLessThan(segments(modern).length / 2 + 1);
    expect(found).toEqual([]);
  });

  test('a part of a handshake message of the server where no ClientHello was', () => {
    const writes: TlsWrite[] = [
      { side: 'client', bytes: Buffer.from([20, 3, 0, 0, 1]) },
      { side: 'server', bytes: Buffer.from([22, 3, 0, 0, 1, 0]) },
    ];
    const { inside, outside, older } = follow(segments(writes, 1));
    expect({ inside, older }).toEqual({ inside: [], older: [] });
    expect(outside.size).toBe(11);
  });

  test('bytes of any kind in any segments', () => {
    const header = fc.tuple(
      fc.constantFrom(20, 21, 22, 23, 24),
      fc.constantFrom(1, 3),
      fc.integer({ min: 0, max: 4 }),
      fc.integer({ min: 0, max: 40 }),
    );
    const record = fc
      .tuple(header, fc.uint8Array({ maxLength: 40 }))
      .map(([[type, major, minor, length], body]) => Buffer.from([type, major, minor, 0, length, ...body.subarray(0, length)]));
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map((b) => Buffer.from(b)),
      record,
    );
    const write = fc.record({ side: fc.constantFrom('client' as const, 'server' as const), bytes });
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), fc.integer({ min: 1, max: 64 }), (writes, size) => {
        const list = segments(writes, size);
        const { inside, outside, older, found } = follow(list);
        expect(found).toEqual([]);
        // No ClientHello, so no segment belongs to TLS but those that stay without a verdict of their own.
        const silent = list.length - (inside.length + outside.size + older.length);
        if (silent > 0) expect(list.filter(({ src }) => src === 'b').every(({ payload }) => payload.length <= 7)).toBe(true);
        expect(follow(afterSyn(list)).older).toEqual([]);
        if (writes[0]?.side === 'client') expect(inside).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('a real session with one changed byte in a record header, from that record on', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (where, change, use12) => {
        const writes = (use12 ? tls12 : modern).map(({ side, bytes }) => ({ side, bytes: Buffer.from(bytes) }));
        // The first write of each side begins with a record; a later one may not.
        const { bytes } = writes.find(({ side }) => side === (where % 2 === 0 ? 'client' : 'server'))!;
        bytes[0]! ^= change;
        const { found, outside } = follow(segments(writes));
        const isStillRecord = bytes[0]! >= 20 && bytes[0]! <= 23;
        if (!isStillRecord) expect(outside.size).toBeGreaterThan(0);
        if (found.length > 0 && !isStillRecord) expect(found[0]!.broken).not.toBeNull();
      }),
    );
  });
});

test('segments of any size, out of order and repeated, give the same session', () => {
  const whole = follow(segments(modern)).found[0]!;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 700 }), fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 30 }), (size, changes) => {
      const list = segments(modern, size);
      // The first segment of each side tells where its bytes begin.
      const first = new Set(['a', 'b'].map((side) => list.find(({ src }) => src === side)!));
      for (const [where, repeat] of changes) {
        const at = where % (list.length - 1);
        if (repeat) list.splice(at + 1, 0, list[at]!);
        else if (!first.has(list[at]!) && !first.has(list[at + 1]!) && list[at]!.src === list[at + 1]!.src)
          list.splice(at, 2, list[at + 1]!, list[at]!);
      }
      const { found, outside } = follow(list);
      expect(outside.size).toBe(0);
      const { version, suite, group } = found[0]!;
      expect({ version, suite, group }).toEqual({ version: whole.version, suite: whole.suite, group: whole.group });
      expect(found[0]!.sides.client.ciphertext).toBe(whole.sides.client.ciphertext);
    }),
    { numRuns: 60 },
  );
});

test('a retransmission with other content is not TLS, nor is anything after it', () => {
  const list = segments(modern);
  const again = list[2]!;
  const changed = Buffer.from(again.payload);
  changed[changed.length - 1]! ^= 1;
  const { outside } = follow([...list.slice(0, 3), { ...again, payload: changed, frame: 900 }, ...list.slice(3)]);
  expect(outside.get(900)).toContain('other content');
  for (const { frame } of list.slice(3)) expect(outside.has(frame)).toBe(true);
});

describe('a connection that was opened before the capture', () => {
  /** Everything after the handshake: at least one record of application data a side. */
  const late = (size?: number): readonly TcpSegment[] => segments(modern.slice(3), size);
  const record = (body: Uint8Array, type = 23): Buffer =>
    Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 255]), body]);
  const random = (bytes: number): Buffer => randomBytes(bytes);
  const frames = (list: readonly TcpSegment[]): number[] => list.map(({ frame }) => frame);

  test('is neither TLS nor readable, whatever the size of its segments', () => {
    for (const size of [40, 333, 1400]) {
      const list = late(size);
      const { inside, outside, older } = follow(list);
      expect({ inside, outside }).toEqual({ inside: [], outside: new Map() });
      expect(older.toSorted((a, b) => a - b)).toEqual(frames(list));
    }
  });

  test('whose first bytes are the rest of a record', () => {
    const bytes = Buffer.concat([random(700), record(random(300)), record(random(2000)), record(random(30))]);
    const list = segments([{ side: 'client', bytes }], 500);
    expect(follow(list).older).toEqual(frames(list));
    // The same bytes after a SYN are a connection without a handshake.
    expect(follow(afterSyn(list)).outside.size).toBe(list.length);
  });

  test('that sends text in its records is readable, before and after', () => {
    const text = Buffer.from('GET /index.html HTTP/1.1\r\nHost: deathstar.default\r\nX-Canary: 1\r\n\r\n');
    const list = segments([record(random(200)), record(text), record(random(200))].map((bytes) => ({ side: 'client', bytes })));
    const { older, outside } = follow(list);
    expect({ older, outside: [...outside.keys()] }).toEqual({ older: [1], outside: [2, 3] });
  });

  test('of text, or of few bytes in which no record begins, is readable', () => {
    for (const bytes of [Buffer.from('hello'), Buffer.from('POST / HTTP/1.1\r\nX-Canary: 0123456789abcdef\r\n\r\n'), random(900)]) {
      const { older, outside } = follow(segments([{ side: 'client', bytes }]));
      expect({ older, outside: outside.size }).toEqual({ older: [], outside: 1 });
    }
  });

  test('that stops being records is readable from there on', () => {
    const list = segments([record(random(200)), random(100), record(random(200))].map((bytes) => ({ side: 'client', bytes })));
    const { older, outside } = follow(list);
    expect(older).toEqual([1]);
    expect(outside.has(3)).toBe(true);
  });

  test('that repeats bytes from before its first segment', () => {
    const list = segments([{ side: 'client', bytes: record(random(200)) }]);
    const earlier = { ...list[0]!, sequence: list[0]!.sequence - 50, frame: 2 };
    expect(follow([...list, earlier]).older).toEqual([1, 2]);
  });

  test('is none where a handshake follows: that decides', () => {
    const { inside, older } = follow(segments(modern));
    expect(inside.length).toBeGreaterThan(4);
    expect(older).toEqual([]);
  });

  test('any bytes after any part of it: never inside', () => {
    fc.assert(
      fc.property(fc.nat({ max: 12 }), fc.array(fc.uint8Array({ minLength: 1, maxLength: 90 }), { maxLength: 6 }), (skipped, more) => {
        const writes = [
          ...modern.slice(4 + (skipped % 4)),
          ...more.map((bytes) => ({ side: 'client' as const, bytes: Buffer.from(bytes) })),
        ];
        const list = segments(writes, 200);
        const { inside, outside, older, found } = follow(list);
        expect(found).toEqual([]);
        expect(inside).toEqual([]);
        expect(outside.size + older.length).toBe(list.length);
      }),
    );
  });
});
