import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { ByteReader, ShortMessageError } from './byte-reader.ts';

/** What a version of QUIC prescribes for the keys of its first packets. */
interface QuicVersion {
  readonly name: string;
  readonly salt: Uint8Array;
  readonly label: string;
  /** Bits 4 and 5 of the first byte of an Initial packet. */
  readonly initialType: number;
}

const QUIC_VERSIONS: ReadonlyMap<number, QuicVersion> = new Map([
  [1, { name: 'QUIC v1', salt: Buffer.from('38762cf7f55934b34d179ae6a4c80cadccbb7f0a', 'hex'), label: 'quic', initialType: 0 }],
  [0x6b3343cf, { name: 'QUIC v2', salt: Buffer.from('0dede3def700a6db819381be6e269dcbf9bd2ed9', 'hex'), label: 'quicv2', initialType: 1 }],
]);

/** A client's datagram with an Initial packet is padded to at least this (RFC 9000, section 14.1). */
const LEAST_DATAGRAM = 1200;

/** Whether a datagram of `length` bytes from `at` is long enough for a client's first packet, and begins with a long header (RFC 9000, section 17.2). */
export function mayBeginQuic(buffer: Uint8Array, at: number, length: number): boolean {
  return length >= LEAST_DATAGRAM && (buffer[at]! & 0xc0) === 0xc0;
}

/**
 * The version of QUIC of which a UDP datagram begins with the first Initial packet of a client, or null. The keys of that packet derive from
 * its own connection id (RFC 9001, section 5.2), so its tag is verified: other bytes are taken for one with a probability of 2^-128.
 */
export function quicInitial(datagram: Uint8Array): string | null {
  if (!mayBeginQuic(datagram, 0, datagram.length)) return null;
  const version = QUIC_VERSIONS.get(Buffer.from(datagram.subarray(1, 5)).readUInt32BE());
  if (version === undefined || ((datagram[0]! >> 4) & 3) !== version.initialType) return null;
  try {
    return isAuthentic(datagram, version) ? version.name : null;
  } catch (error) {
    if (error instanceof ShortMessageError) return null;
    throw error;
  }
}

function isAuthentic(datagram: Uint8Array, { salt, label }: QuicVersion): boolean {
  const reader = new ByteReader(datagram);
  reader.bytes(5);
  const destination = reader.vector(1);
  if (destination.length > 20 || reader.vector(1).length > 20) return false;
  reader.bytes(variable(reader));
  const length = variable(reader);
  const numberAt = datagram.length - reader.left;
  if (length > reader.left || length < 20) return false;
  const secret = expand(hkdfExtract(salt, destination), 'client in', 32);
  const [key, iv, mask] = [expand(secret, `${label} key`, 16), expand(secret, `${label} iv`, 12), expand(secret, `${label} hp`, 16)];
  const sample = datagram.subarray(numberAt + 4, numberAt + 20);
  const protection = createCipheriv('aes-128-ecb', mask, null).setAutoPadding(false).update(sample);
  const first = datagram[0]! ^ (protection[0]! & 0x0f);
  const numberBytes = (first & 3) + 1;
  const header = Buffer.from(datagram.subarray(0, numberAt + numberBytes));
  header[0] = first;
  for (let i = 0; i < numberBytes; i++) {
    header[numberAt + i]! ^= protection[1 + i]!;
    iv[12 - numberBytes + i]! ^= header[numberAt + i]!;
  }
  const end = numberAt + length;
  const decipher = createDecipheriv('aes-128-gcm', key, iv)
    .setAAD(header)
    .setAuthTag(datagram.subarray(end - 16, end));
  decipher.update(datagram.subarray(numberAt + numberBytes, end - 16));
  try {
    decipher.final();
    return true;
  } catch {
    return false; // The tag does not verify.
  }
}

/** A variable-length integer (RFC 9000, section 16), as far as a datagram can be long. */
function variable(reader: ByteReader): number {
  const first = reader.integer(1);
  const more = (1 << (first >> 6)) - 1;
  let value = first & 0x3f;
  for (const byte of reader.bytes(more)) value = value * 256 + byte;
  return value;
}

/** HKDF-Extract (RFC 5869, section 2.2). */
function hkdfExtract(salt: Uint8Array, input: Uint8Array): Buffer {
  return createHmac('sha256', salt).update(input).digest();
}

/** HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1), for one block. */
function expand(secret: Uint8Array, label: string, length: number): Buffer {
  const name = `tls13 ${label}`;
  const info = Buffer.from([0, length, name.length, ...Buffer.from(name), 0, 1]);
  return createHmac('sha256', secret).update(info).digest().subarray(0, length);
}
