import { plainWindow } from '../wire/plain.ts';
import { ByteReader, ShortMessageError } from './byte-reader.ts';
import { readCertificates, type TlsCertificate } from './certificate.ts';
import { type ClientHello, readClientHello, readServerHello, type ServerHello } from './hello.ts';
import { ContentType, LEAST_CIPHERTEXT, RecordCutter } from './records.ts';
import { suiteEncrypts, tlsAlertName, tlsSuiteName } from './registry.ts';

/** A direction of a connection. */
export type TlsSide = 'client' | 'server';

const TLS_1_3 = 0x0304;
/** Most bytes of one handshake message that are joined. */
const MAX_MESSAGE = 65_536;
/** Most alerts that are kept by name. */
const MAX_ALERTS = 8;

const Message = { CLIENT_HELLO: 1, SERVER_HELLO: 2, CERTIFICATE: 11, SERVER_KEY_EXCHANGE: 12 } as const;

/** Messages that each side sends before it encrypts, with TLS 1.2 (RFC 5246, section 7.4; RFC 5077; RFC 6066). */
const MESSAGES: Readonly<Record<TlsSide, ReadonlySet<number>>> = {
  client: new Set([1, 11, 15, 16]),
  server: new Set([0, 2, 4, 11, 12, 13, 14, 22]),
};

interface Direction {
  readonly cutter: RecordCutter;
  /** Every record from here on is ciphertext. */
  encrypted: boolean;
  /** Bytes of handshake messages that are not whole. */
  message: Uint8Array;
  records: number;
  /** Bytes of ciphertext in records of application data. */
  ciphertext: number;
}

/**
 * One TLS session from its first byte, as somebody without keys sees it: takes the bytes of both directions, each in order, and says of
 * each piece whether it belongs to a valid sequence of records. What is not valid is not TLS, and so is what is valid but readable:
 * application data with the null cipher, or bytes that cannot be ciphertext.
 */
export class TlsSession {
  readonly #directions: Readonly<Record<TlsSide, Direction>>;
  clientHello: ClientHello | null = null;
  serverHello: ServerHello | null = null;
  /** The server gave up before a ClientHello was there, and said so in an alert; nothing may follow. */
  refused = false;
  /** Number of the curve in a ServerKeyExchange. */
  curve: number | null = null;
  /** The chains that were sent in the clear, as TLS 1.2 does. */
  readonly certificates: Record<TlsSide, readonly TlsCertificate[]> = { client: [], server: [] };
  /** Alerts that were sent in the clear. */
  readonly alerts: Record<TlsSide, string[]> = { client: [], server: [] };

  constructor() {
    const direction = (side: TlsSide): Direction => ({
      cutter: new RecordCutter((type, body) => this.#record(side, type, body)),
      encrypted: false,
      message: new Uint8Array(0),
      records: 0,
      ciphertext: 0,
    });
    this.#directions = { client: direction('client'), server: direction('server') };
  }

  /** The next bytes of a side. Null when they are valid so far; else why not, and the session is over. */
  push(side: TlsSide, bytes: Uint8Array): string | null {
    return this.#directions[side].cutter.push(bytes);
  }

  /** All records of the side are whole. */
  atBorder(side: TlsSide): boolean {
    return this.#directions[side].cutter.atBorder;
  }

  records(side: TlsSide): number {
    return this.#directions[side].records;
  }

  /** Bytes of the side in records of application data. */
  ciphertext(side: TlsSide): number {
    return this.#directions[side].ciphertext;
  }

  /** The version that the server chose. */
  get version(): number | null {
    return this.serverHello?.version ?? null;
  }

  /** The group of the key exchange; null where none is known, or the key exchange has none. */
  get group(): number | null {
    // A HelloRetryRequest only asks for one.
    if (this.serverHello?.retry === true) return null;
    return this.serverHello?.group ?? this.curve;
  }

  /** Both sides have encrypted something. */
  get established(): boolean {
    return this.#directions.client.ciphertext > 0 && this.#directions.server.ciphertext > 0;
  }

  #record(side: TlsSide, type: number, body: Uint8Array): string | null {
    const direction = this.#directions[side];
    direction.records++;
    if (this.refused) return 'a record after an alert without a ClientHello';
    if (direction.records === 1 && type !== ContentType.HANDSHAKE && !(side === 'server' && type === ContentType.ALERT))
      return `the ${side} begins with a record of type ${type}, not with a handshake`;
    if (direction.encrypted) return this.#ciphertext(direction, type, body);
    switch (type) {
      case ContentType.HANDSHAKE:
        return this.#handshake(side, direction, body);
      case ContentType.CHANGE_CIPHER_SPEC:
        return this.#changeCipherSpec(side, direction, body);
      case ContentType.ALERT:
        return this.#alert(side, body);
      default:
        return this.#early(side, direction, body);
    }
  }

  #ciphertext(direction: Direction, type: number, body: Uint8Array): string | null {
    if (this.version === TLS_1_3) {
      // Middleboxes of old are shown a ChangeCipherSpec, which means nothing (RFC 8446, appendix D.4).
      if (type === ContentType.CHANGE_CIPHER_SPEC && body.length === 1 && body[0] === 1) return null;
      if (type !== ContentType.APPLICATION_DATA) return `a record of type ${type} after the keys of TLS 1.3 were there`;
    }
    if (type === ContentType.CHANGE_CIPHER_SPEC) return body.length >= 1 ? unlessPlain(body) : 'an empty record';
    if (body.length < LEAST_CIPHERTEXT) return `${body.length} bytes are too few for ciphertext`;
    const { suite } = this.serverHello!;
    if (!suiteEncrypts(suite)) return `the suite ${tlsSuiteName(suite)} leaves its content readable`;
    if (type === ContentType.APPLICATION_DATA) direction.ciphertext += body.length;
    return unlessPlain(body);
  }

  /** Application data before the handshake has ended: only what the client sends early, and what it sends after the ServerHello of TLS 1.3. */
  #early(side: TlsSide, direction: Direction, body: Uint8Array): string | null {
    const afterHello = this.version === TLS_1_3 && !this.serverHello!.retry;
    if (side === 'server' || !(afterHello || (this.serverHello === null && this.clientHello?.earlyData)))
      return 'application data before the handshake has ended';
    if (afterHello) direction.encrypted = true;
    if (body.length < LEAST_CIPHERTEXT) return `${body.length} bytes are too few for ciphertext`;
    direction.ciphertext += body.length;
    return unlessPlain(body);
  }

  #changeCipherSpec(side: TlsSide, direction: Direction, body: Uint8Array): string | null {
    if (body.length !== 1 || body[0] !== 1) return 'a ChangeCipherSpec with other content than 1';
    if (this.clientHello === null) return `a ChangeCipherSpec of the ${side} before the ClientHello`;
    if (this.version === null || this.version === TLS_1_3) return null;
    if (direction.message.length > 0) return 'a ChangeCipherSpec inside a handshake message';
    direction.encrypted = true;
    return null;
  }

  #alert(side: TlsSide, body: Uint8Array): string | null {
    const [level, code] = body;
    if (body.length !== 2 || (level !== 1 && level !== 2)) return 'an alert that is none';
    if (this.clientHello === null) {
      if (side === 'client') return 'an alert before the ClientHello';
      this.refused = true;
      return null;
    }
    if (this.alerts[side].length < MAX_ALERTS) this.alerts[side].push(tlsAlertName(code!));
    return null;
  }

  #handshake(side: TlsSide, direction: Direction, body: Uint8Array): string | null {
    if (body.length === 0) return 'an empty handshake record';
    const bytes = direction.message.length === 0 ? body : Buffer.concat([direction.message, body]);
    let at = 0;
    while (bytes.length - at >= 4) {
      const [type, a, b, c] = bytes.subarray(at, at + 4);
      const length = (a! << 16) | (b! << 8) | c!;
      if (!MESSAGES[side].has(type!)) return `the ${side} sends no handshake message of type ${type} in the clear`;
      if (length > MAX_MESSAGE) return `a handshake message of ${length} bytes`;
      if (bytes.length - at < 4 + length) break;
      const refused = this.#message(side, type!, bytes.subarray(at + 4, at + 4 + length));
      if (refused !== null) return refused;
      at += 4 + length;
    }
    direction.message = bytes.slice(at);
    if (direction.encrypted && direction.message.length > 0) return 'bytes after the ServerHello in its record';
    return null;
  }

  #message(side: TlsSide, type: number, body: Uint8Array): string | null {
    if (side === 'client' && this.clientHello === null && type !== Message.CLIENT_HELLO)
      return 'the client does not begin with a ClientHello';
    if (side === 'server' && this.serverHello === null && type !== Message.SERVER_HELLO)
      return 'the server does not begin with a ServerHello';
    try {
      if (type === Message.CLIENT_HELLO) return this.#clientHello(body);
      if (type === Message.SERVER_HELLO) return this.#serverHello(body);
      if (this.version === TLS_1_3) return `a handshake message of type ${type} in the clear with TLS 1.3`;
      if (type === Message.CERTIFICATE) this.certificates[side] = readCertificates(body);
      if (type === Message.SERVER_KEY_EXCHANGE) this.curve = namedCurve(body);
      return null;
    } catch (error) {
      if (error instanceof ShortMessageError || error instanceof RangeError) return error.message;
      throw error;
    }
  }

  #clientHello(body: Uint8Array): string | null {
    if (this.clientHello !== null && this.serverHello?.retry !== true) return 'a second ClientHello in the clear';
    this.clientHello = readClientHello(body);
    return null;
  }

  #serverHello(body: Uint8Array): string | null {
    if (this.clientHello === null) return 'a ServerHello before the ClientHello';
    if (this.serverHello !== null && !this.serverHello.retry) return 'a second ServerHello';
    const hello = readServerHello(body);
    const { versions, suites } = this.clientHello;
    if (!suites.includes(hello.suite)) return `the server chose ${tlsSuiteName(hello.suite)}, which was not offered`;
    if (hello.version === TLS_1_3 && !versions.includes(TLS_1_3)) return 'the server chose TLS 1.3, which was not offered';
    this.serverHello = hello;
    if (hello.version === TLS_1_3 && !hello.retry) this.#directions.server.encrypted = true;
    return null;
  }
}

function unlessPlain(body: Uint8Array): string | null {
  const at = plainWindow(body, 0, body.length);
  return at < 0 ? null : `bytes that cannot be ciphertext, at ${at} of a record`;
}

/** The number of a named curve; null for another key exchange (RFC 8422, section 5.4). */
function namedCurve(body: Uint8Array): number | null {
  const reader = new ByteReader(body);
  return reader.integer(1) === 3 ? reader.integer(2) : null;
}
