import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { u32 } from './bytes.ts';
import { EspDecryptError, type EspPlaintext } from './esp-decrypt.ts';

const HEADER_BYTES = 8;
const IV_BYTES = 16;
const BLOCK_BYTES = 16;

/** Keys of an SA with cbc(aes) and an HMAC. */
export interface CbcKeys {
  /** AES key of 16, 24 or 32 bytes. */
  readonly enc: Uint8Array;
  readonly auth: Uint8Array;
  /** As node:crypto names it. */
  readonly hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
  /** Length of the truncated HMAC, bytes. */
  readonly icvBytes: number;
  /** High 32 bits of the extended sequence number; absent for an SA without `flag esn`. */
  readonly esnHigh?: number;
}

/**
 * Authenticate and decrypt an ESP packet of authenc(hmac, cbc(aes)): RFC 3602 with an HMAC as in RFC 4868, encrypt then MAC. The high half
 * of an extended sequence number is authenticated after the packet and not sent (RFC 4303 §2.2.1).
 *
 * @param packet from the SPI to the last byte of the HMAC
 * @throws EspDecryptError when the HMAC does not verify or the lengths are impossible
 */
export function decryptEspCbc(packet: Uint8Array, keys: CbcKeys): EspPlaintext {
  const { enc, auth, hash, icvBytes, esnHigh } = keys;
  const bits = enc.length * 8;
  if (bits !== 128 && bits !== 192 && bits !== 256) throw new EspDecryptError(`cbc(aes) key of ${enc.length} bytes`);
  const tagAt = packet.length - icvBytes;
  const length = tagAt - HEADER_BYTES - IV_BYTES;
  if (length < BLOCK_BYTES || length % BLOCK_BYTES !== 0)
    throw new EspDecryptError(`ESP packet of ${packet.length} bytes does not hold whole blocks of cbc(aes)`);
  const [spi, sequence] = [u32(packet, 0), u32(packet, 4)];
  const mac = createHmac(hash, auth).update(packet.subarray(0, tagAt));
  if (esnHigh !== undefined) {
    const high = Buffer.alloc(4);
    high.writeUInt32BE(esnHigh, 0);
    mac.update(high);
  }
  if (!timingSafeEqual(mac.digest().subarray(0, icvBytes), packet.subarray(tagAt)))
    throw new EspDecryptError(`HMAC of ESP packet SPI ${spi} sequence ${sequence} does not verify`);
  const decipher = createDecipheriv(`aes-${bits}-cbc`, enc, packet.subarray(HEADER_BYTES, HEADER_BYTES + IV_BYTES));
  decipher.setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(packet.subarray(HEADER_BYTES + IV_BYTES, tagAt)), decipher.final()]);
  const padLength = plain[plain.length - 2]!;
  const end = plain.length - 2 - padLength;
  if (end < 0) throw new EspDecryptError(`pad length ${padLength} is above the ${plain.length} bytes decrypted`);
  return { spi, sequence, nextHeader: plain[plain.length - 1]!, padLength, payload: plain.subarray(0, end) };
}
