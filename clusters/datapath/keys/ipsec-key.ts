import { createHash, randomBytes } from 'node:crypto';

/** The content of the Secret `cilium-ipsec-keys`, held in memory only. */
export interface IpsecKey {
  /** SPI, 1 to 15. */
  readonly id: number;
  /** With `+`: every SA has its own key, ESN and a replay window of 1024. */
  readonly perTunnel: boolean;
  readonly algorithm: string;
  readonly key: Uint8Array;
  /** Length of the integrity check value in bits. */
  readonly icvBits: number;
}

/** A fresh AES-128-GCM key (16 bytes and 4 of salt). @throws RangeError for an id outside 1..15 */
export function newIpsecKey(id: number, perTunnel: boolean): IpsecKey {
  if (!Number.isInteger(id) || id < 1 || id > 15) throw new RangeError(`IPsec key id ${id} is outside 1..15`);
  return { id, perTunnel, algorithm: 'rfc4106(gcm(aes))', key: randomBytes(20), icvBits: 128 };
}

/** The line of the key file: `3+ rfc4106(gcm(aes)) <hex> 128`. Secret: for the Secret's reader only. */
export function keyFile(key: IpsecKey): string {
  return `${key.id}${key.perTunnel ? '+' : ''} ${key.algorithm} ${Buffer.from(key.key).toString('hex')} ${key.icvBits}`;
}

/** The first 24 hex digits of SHA-256, as the decoders print: enough to tell keys apart, useless to find them. */
export function keyFingerprint(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 24);
}
