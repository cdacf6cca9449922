import { generateKeyPairSync } from 'node:crypto';

/** An X25519 key pair in WireGuard's base64. The private half exists only in memory and is passed only by standard input. */
export interface WireguardKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function newWireguardKey(): WireguardKey {
  const jwk = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  return { privateKey: toBase64(jwk.d, 'd'), publicKey: toBase64(jwk.x, 'x') };
}

function toBase64(member: string | undefined, name: string): string {
  if (member === undefined) throw new TypeError(`the X25519 key has no member ${name}`);
  return Buffer.from(member, 'base64url').toString('base64');
}
