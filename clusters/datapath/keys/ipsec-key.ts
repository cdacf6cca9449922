import { createHash, randomBytes } from 'node:crypto';

/** Algorithms that a key can be made for: AES-GCM by key length, or AES-CBC with HMAC-SHA-256. */
export const KEY_KINDS = ['gcm-128', 'gcm-256', 'cbc-sha256'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** The content of the Secret `cilium-ipsec-keys`, only in memory. */
export interface IpsecKey {
  /** SPI, 1 to 15. */
  readonly id: number;
  /** With `+`: every SA has its own key, ESN and a replay window of 1024. */
  readonly perTunnel: boolean;
  /** The AEAD, or the cipher if there is {@link authentication}. */
  readonly algorithm: string;
  readonly key: Uint8Array;
  /** Length of an AEAD's integrity check value in bits. */
  readonly icvBits: number;
  readonly authentication?: { readonly algorithm: string; readonly key: Uint8Array };
}

/** AES-GCM keys have 4 bytes of salt at their end (RFC 4106 section 8.1). */
const GCM_BYTES = { 'gcm-128': 20, 'gcm-256': 36 } as const;

/** A new key. @throws RangeError for an id outside 1..15 */
export function newIpsecKey(id: number, perTunnel: boolean, kind: KeyKind = 'gcm-128'): IpsecKey {
  if (!Number.isInteger(id) || id < 1 || id > 15) throw new RangeError(`IPsec key id ${id} is outside 1..15`);
  if (kind !== 'cbc-sha256') return { id, perTunnel, algorithm: 'rfc4106(gcm(aes))', key: randomBytes(GCM_BYTES[kind]), icvBits: 128 };
  const authentication = { algorithm: 'hmac(sha256)', key: randomBytes(32) };
  return { id, perTunnel, algorithm: 'cbc(aes)', key: randomBytes(32), icvBits: 0, authentication };
}

/** The kind of a key, so that a rotation creates one of the same kind. */
export function kindOf(key: IpsecKey): KeyKind {
  if (key.authentication !== undefined) return 'cbc-sha256';
  return key.key.length === GCM_BYTES['gcm-256'] ? 'gcm-256' : 'gcm-128';
}

/** The key with each of its secrets replaced by another. */
export function withKeys(key: IpsecKey, turn: (secret: Uint8Array) => Uint8Array): IpsecKey {
  const { authentication } = key;
  return {
    ...key,
    key: turn(key.key),
    ...(authentication === undefined ? {} : { authentication: { ...authentication, key: turn(authentication.key) } }),
  };
}

/** The algorithms as arguments of `ip xfrm state add`, with their keys. Secret: only for standard input. */
export function algorithmWords({ algorithm, key, icvBits, authentication }: IpsecKey): string {
  if (authentication === undefined) return `aead ${algorithm} 0x${hex(key)} ${icvBits}`;
  return `auth ${authentication.algorithm} 0x${hex(authentication.key)} enc ${algorithm} 0x${hex(key)}`;
}

/**
 * The line of the key file: `3+ rfc4106(gcm(aes)) <hex> 128`, `3+ hmac(sha256) <hex> cbc(aes) <hex>`. Secret: only for the reader of the
 * Secret.
 */
export function keyFile({ id, perTunnel, algorithm, key, icvBits, authentication }: IpsecKey): string {
  const spi = `${id}${perTunnel ? '+' : ''}`;
  if (authentication === undefined) return `${spi} ${algorithm} ${hex(key)} ${icvBits}`;
  return `${spi} ${authentication.algorithm} ${hex(authentication.key)} ${algorithm} ${hex(key)}`;
}

/** The first 24 hex digits of SHA-256, as the decoders print: sufficient to distinguish keys, useless to find them. */
export function ipsecKeyFingerprint(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 24);
}

function hex(key: Uint8Array): string {
  return Buffer.from(key).toString('hex');
}
