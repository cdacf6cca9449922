import { ByteReader } from './byte-reader.ts';
import { isGrease } from './registry.ts';

const SERVER_NAME = 0;
const SUPPORTED_GROUPS = 10;
const ALPN = 16;
const EARLY_DATA = 42;
const SUPPORTED_VERSIONS = 43;
const KEY_SHARE = 51;

/** What a ClientHello offers (RFC 8446, section 4.1.2). Values without a meaning (GREASE) are left out. */
export interface ClientHello {
  /** Of the extension supported_versions; the field legacy_version where there is none. */
  readonly versions: readonly number[];
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  /** Groups for which it sends a key at once. */
  readonly keyShares: readonly number[];
  readonly alpn: readonly string[];
  readonly serverName: string | null;
  /** Application data may follow before the server has answered. */
  readonly earlyData: boolean;
}

/** What a ServerHello chose (RFC 8446, section 4.1.3; RFC 5246, section 7.4.1.3). */
export interface ServerHello {
  readonly version: number;
  readonly suite: number;
  /** TLS 1.3 with a key share; null otherwise: TLS 1.2 tells it in the ServerKeyExchange. */
  readonly group: number | null;
  /** Null where the server chose none, or, in TLS 1.3, tells it encrypted. */
  readonly alpn: string | null;
  /** It asks for another ClientHello. */
  readonly retry: boolean;
}

/** SHA-256 of `HelloRetryRequest`, which stands in place of the random (RFC 8446, section 4.1.3). */
const RETRY_RANDOM = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex');

/** @throws ShortMessageError, RangeError for bytes that are not a ClientHello */
export function readClientHello(body: Uint8Array): ClientHello {
  const reader = new ByteReader(body);
  const legacy = reader.integer(2);
  if (legacy < 0x0300 || legacy > 0x0304) throw new RangeError(`a ClientHello of version ${legacy}`);
  reader.bytes(32);
  if (reader.vector(1).length > 32) throw new RangeError('a session id of more than 32 bytes');
  const suites = numbers(reader.vector(2));
  if (suites.length === 0) throw new RangeError('a ClientHello without cipher suites');
  if (!reader.vector(1).includes(0)) throw new RangeError('a ClientHello that demands compression');
  const extensions = readExtensions(reader);
  const groups = extensions.get(SUPPORTED_GROUPS);
  const versions = extensions.get(SUPPORTED_VERSIONS);
  return {
    versions: versions === undefined ? [legacy] : numbers(new ByteReader(versions).vector(1)),
    suites,
    groups: groups === undefined ? [] : numbers(new ByteReader(groups).vector(2)),
    keyShares: clientShares(extensions.get(KEY_SHARE)),
    alpn: protocols(extensions.get(ALPN)),
    serverName: nameOf(extensions.get(SERVER_NAME)),
    earlyData: extensions.has(EARLY_DATA),
  };
}

/** @throws ShortMessageError, RangeError for bytes that are not a ServerHello */
export function readServerHello(body: Uint8Array): ServerHello {
  const reader = new ByteReader(body);
  const legacy = reader.integer(2);
  if (legacy < 0x0300 || legacy > 0x0304) throw new RangeError(`a ServerHello of version ${legacy}`);
  const retry = RETRY_RANDOM.equals(reader.bytes(32));
  if (reader.vector(1).length > 32) throw new RangeError('a session id of more than 32 bytes');
  const suite = reader.integer(2);
  if (reader.integer(1) !== 0) throw new RangeError('a ServerHello with compression');
  const extensions = readExtensions(reader);
  const version = extensions.get(SUPPORTED_VERSIONS);
  const share = extensions.get(KEY_SHARE);
  return {
    version: version === undefined ? legacy : new ByteReader(version).integer(2),
    suite,
    group: share === undefined ? null : new ByteReader(share).integer(2),
    alpn: protocols(extensions.get(ALPN))[0] ?? null,
    retry,
  };
}

/** A ServerHello of TLS 1.2 and earlier may have none. */
function readExtensions(reader: ByteReader): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  if (reader.left === 0) return found;
  const all = new ByteReader(reader.vector(2));
  if (reader.left > 0) throw new RangeError(`${reader.left} bytes follow the extensions`);
  while (all.left > 0) {
    const type = all.integer(2);
    found.set(type, all.vector(2));
  }
  return found;
}

function numbers(bytes: Uint8Array): number[] {
  if (bytes.length % 2 !== 0) throw new RangeError('a list of numbers with half a number');
  const found: number[] = [];
  for (let at = 0; at < bytes.length; at += 2) found.push((bytes[at]! << 8) | bytes[at + 1]!);
  return found.filter((id) => !isGrease(id));
}

function clientShares(extension: Uint8Array | undefined): number[] {
  if (extension === undefined) return [];
  const list = new ByteReader(new ByteReader(extension).vector(2));
  const groups: number[] = [];
  while (list.left > 0) {
    groups.push(list.integer(2));
    list.vector(2);
  }
  return groups.filter((id) => !isGrease(id));
}

function protocols(extension: Uint8Array | undefined): string[] {
  if (extension === undefined) return [];
  const list = new ByteReader(new ByteReader(extension).vector(2));
  const names: string[] = [];
  while (list.left > 0) names.push(printable(list.vector(1)));
  return names.filter((name) => name !== '');
}

function nameOf(extension: Uint8Array | undefined): string | null {
  if (extension === undefined || extension.length === 0) return null;
  const list = new ByteReader(new ByteReader(extension).vector(2));
  if (list.left === 0 || list.integer(1) !== 0) return null;
  return printable(list.vector(2));
}

/** Text of a stranger, for tables and reports: only visible ASCII stays. */
function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x21-\x7e]/g, '');
}
