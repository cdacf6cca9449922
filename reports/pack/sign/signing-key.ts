import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An Ed25519 key that signs packs; the private half stays in the key object. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** SPKI PEM. */
  readonly publicPem: string;
  /** {@link keyIdOf} of the public half. */
  readonly keyId: string;
}

/** Name of a public key: SHA-256 of its SPKI DER, hexadecimal. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** @throws TypeError when it is no Ed25519 private key in PKCS#8 PEM; the message contains nothing of it */
export function signingKeyOf(pem: string, place: string): SigningKey {
  const privateKey = parse(() => createPrivateKey({ key: pem, format: 'pem' }), `${place}: is no private key in PEM without a passphrase`);
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`${place}: is a key of type ${privateKey.asymmetricKeyType}, not ed25519`);
  const publicKey = createPublicKey(privateKey);
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), keyId: keyIdOf(publicKey) };
}

/** @throws TypeError when it is no Ed25519 public key in SPKI PEM. A private key is refused too: a verifier must not have it. */
export function publicKeyOf(pem: string, place: string): KeyObject {
  if (/PRIVATE KEY/.test(pem)) throw new TypeError(`${place}: is a private key; give its public half`);
  const publicKey = parse(() => createPublicKey({ key: pem, format: 'pem' }), `${place}: is no public key in PEM`);
  if (publicKey.asymmetricKeyType !== 'ed25519')
    throw new TypeError(`${place}: is a key of type ${publicKey.asymmetricKeyType}, not ed25519`);
  return publicKey;
}

/** @throws Error from the file system; TypeError as {@link signingKeyOf} */
export async function loadSigningKey(path: string): Promise<SigningKey> {
  return signingKeyOf(await readFile(path, 'utf8'), path);
}

/**
 * Make a key in a new file that only its owner may read (mode 0600). An existing file is never replaced: its signatures could no longer be
 * checked.
 * @throws Error with code EEXIST
 */
export async function makeSigningKey(path: string): Promise<SigningKey> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(pem);
  await file.sync();
  return signingKeyOf(pem, path);
}

function parse(read: () => KeyObject, problem: string): KeyObject {
  try {
    return read();
  } catch {
    // OpenSSL's message does not help a user, and a message must not contain anything of a key file.
    throw new TypeError(problem);
  }
}
