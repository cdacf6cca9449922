import type { KeyObject } from 'node:crypto';
import { SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';
import { isSignedBy } from '../sign/dsse.ts';
import { keyIdOf, publicKeyOf } from '../sign/signing-key.ts';
import { type ReadStatement, readEnvelope, readStatement } from './documents.ts';

/** The signed statement and the key that signed it. */
export interface SignedStatement {
  readonly statement: ReadStatement;
  readonly keyId: string;
}

/**
 * Check the envelope against the key, and the three files that repeat it for openssl against the envelope.
 * @param trusted the key that must have signed; null for the key in the pack, which proves nothing about the signer
 * @throws PackRefusal for no signature, a wrong one, another key
 */
export function checkSignature(file: (path: string) => Buffer | undefined, trusted: KeyObject | null): SignedStatement {
  const required = (path: string): Buffer => {
    const bytes = file(path);
    if (bytes === undefined) throw new PackRefusal(path, 'is not there: the pack is not signed');
    return bytes;
  };
  const envelope = readEnvelope(SIGNATURE.envelope, required(SIGNATURE.envelope));
  const { keyid, sig } = envelope.signatures[0]!;
  const body = fromBase64(envelope.payload, 'payload');
  const signature = fromBase64(sig, 'signature');
  const own = ownKey(required(SIGNATURE.publicKey));
  if (keyIdOf(own) !== keyid) throw new PackRefusal(SIGNATURE.publicKey, `is not the key ${keyid} that the envelope names`);
  if (trusted !== null && keyIdOf(trusted) !== keyid)
    throw new PackRefusal(SIGNATURE.envelope, `was signed by the unknown key ${keyid}, not by the given key ${keyIdOf(trusted)}`);
  if (!isSignedBy(envelope, body, trusted ?? own))
    throw new PackRefusal(SIGNATURE.envelope, `the signature is not that of key ${keyid} over this statement`);
  if (!required(SIGNATURE.statement).equals(body)) throw new PackRefusal(SIGNATURE.statement, 'is not the statement that was signed');
  if (!required(SIGNATURE.signature).equals(signature)) throw new PackRefusal(SIGNATURE.signature, 'is not the signature of the envelope');
  return { statement: readStatement(SIGNATURE.statement, body), keyId: keyid };
}

function ownKey(pem: Buffer): KeyObject {
  const text = pem.toString('latin1');
  let key: KeyObject;
  try {
    key = publicKeyOf(text, SIGNATURE.publicKey);
  } catch (error) {
    throw new PackRefusal(SIGNATURE.publicKey, (error as Error).message.replace(`${SIGNATURE.publicKey}: `, ''));
  }
  if (key.export({ type: 'spki', format: 'pem' }) !== text)
    throw new PackRefusal(SIGNATURE.publicKey, 'is not in canonical form: it was changed');
  return key;
}

function fromBase64(text: string, what: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw new PackRefusal(SIGNATURE.envelope, `its ${what} is not in canonical base64`);
  return bytes;
}
