import { type KeyObject, sign, verify } from 'node:crypto';
import type { SigningKey } from './signing-key.ts';

/** Dead Simple Signing Envelope v1 (github.com/secure-systems-lab/dsse). */
export interface DsseEnvelope {
  readonly payloadType: string;
  /** Standard base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Media type of in-toto statements. */
export const IN_TOTO_TYPE = 'application/vnd.in-toto+json';

/** Pre-authentication encoding, the bytes that are signed: `DSSEv1 LEN type LEN body`, lengths in bytes. */
export function pae(payloadType: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `), body]);
}

/** Ed25519 is deterministic: the same body and key give the same envelope. */
export function signEnvelope(payloadType: string, body: Uint8Array, key: SigningKey): DsseEnvelope {
  const sig = sign(null, pae(payloadType, body), key.privateKey).toString('base64');
  return { payloadType, payload: Buffer.from(body).toString('base64'), signatures: [{ keyid: key.keyId, sig }] };
}

/** Whether the signature is this key's over the envelope's body. */
export function isSignedBy(envelope: DsseEnvelope, body: Uint8Array, publicKey: KeyObject): boolean {
  const sig = envelope.signatures[0]?.sig;
  return sig !== undefined && verify(null, pae(envelope.payloadType, body), publicKey, Buffer.from(sig, 'base64'));
}
