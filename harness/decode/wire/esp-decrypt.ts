import { createDecipheriv } from 'node:crypto';
import { u32 } from './bytes.ts';

const SALT_BYTES = 4;
const IV_BYTES = 8;
const HEADER_BYTES = 8;

/** The tag of an ESP packet does not match key, salt and header, or the packet is too short. Never contains key material. */
export class EspDecryptError extends Error {
  override name = 'EspDecryptError' as const;
}

/** A decrypted ESP packet. */
export interface EspPlaintext {
  readonly spi: number;
  /** 32 bits from the wire. */
  readonly sequence: number;
  /** IP protocol of `payload`: 4 and 41 in tunnel mode. */
  readonly nextHeader: number;
  readonly padLength: number;
  readonly payload: Uint8Array;
}

/** Parameters beyond the key. */
export interface EspDecryptOptions {
  /** High 32 bits of the extended sequence number; absent for an SA without `flag esn`. */
  readonly esnHigh?: number;
  /** Tag length in bytes, default 16. */
  readonly icvBytes?: 8 | 12 | 16;
}

/**
 * Decrypt and authenticate an ESP packet of rfc4106(gcm(aes)).
 * @param packet from the SPI to the last byte of the tag.
 * @param key as in `ip xfrm`: AES key of 16, 24 or 32 bytes, then 4 bytes of salt.
 * @throws EspDecryptError when the tag does not verify.
 */
export function decryptEsp(packet: Uint8Array, key: Uint8Array, options: EspDecryptOptions = {}): EspPlaintext {
  const icvBytes = options.icvBytes ?? 16;
  const least = HEADER_BYTES + IV_BYTES + 4 + icvBytes;
  if (packet.length < least) throw new EspDecryptError(`ESP packet of ${packet.length} bytes is shorter than ${least}`);
  const bits = (key.length - SALT_BYTES) * 8;
  if (bits !== 128 && bits !== 192 && bits !== 256) {
    throw new EspDecryptError(`key material of ${key.length} bytes is not an AES key of 16, 24 or 32 bytes with 4 bytes of salt`);
  }
  const spi = u32(packet, 0);
  const sequence = u32(packet, 4);
  const nonce = Buffer.concat([key.subarray(key.length - SALT_BYTES), packet.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES)]);
  const tagAt = packet.length - icvBytes;
  const decipher = createDecipheriv(`aes-${bits}-gcm` as 'aes-128-gcm', key.subarray(0, key.length - SALT_BYTES), nonce, {
    authTagLength: icvBytes,
  });
  decipher.setAAD(additionalData(packet, options.esnHigh));
  decipher.setAuthTag(packet.subarray(tagAt));
  const plain = decipher.update(packet.subarray(HEADER_BYTES + IV_BYTES, tagAt));
  try {
    decipher.final();
  } catch (cause) {
    throw new EspDecryptError(`tag of ESP packet SPI ${spi} sequence ${sequence} does not verify`, { cause });
  }
  const padLength = plain[plain.length - 2]!;
  const payloadEnd = plain.length - 2 - padLength;
  if (payloadEnd < 0) throw new EspDecryptError(`pad length ${padLength} is above the ${plain.length} bytes decrypted`);
  return { spi, sequence, nextHeader: plain[plain.length - 1]!, padLength, payload: plain.subarray(0, payloadEnd) };
}

/** RFC 4106 §5: SPI and sequence number; with ESN the high 32 bits are between them. */
function additionalData(packet: Uint8Array, esnHigh: number | undefined): Uint8Array {
  if (esnHigh === undefined) return packet.subarray(0, HEADER_BYTES);
  const data = Buffer.alloc(12);
  data.set(packet.subarray(0, 4));
  data.writeUInt32BE(esnHigh, 4);
  data.set(packet.subarray(4, 8), 8);
  return data;
}
