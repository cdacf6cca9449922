import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { ByteReader } from './byte-reader.ts';

/** What a certificate says of its owner. Nothing of it is secret. */
export interface TlsCertificate {
  /** URIs of the subject alternative name: for a workload its SPIFFE id. */
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly serial: string;
  /** SHA-256 in hex. */
  readonly fingerprint: string;
  /** `ECDSA prime256v1`, `RSA 2048`, `ed25519`. */
  readonly keyAlgorithm: string;
  /** Of its public key (SubjectPublicKeyInfo), SHA-256 in hex: certificates for the same key have the same. */
  readonly keyFingerprint: string;
}

/** Most certificates that are read of one chain. */
const MAX_CHAIN = 8;

/** The chain of a Certificate message of TLS 1.2 (RFC 5246, section 7.4.2), the owner's first. One that is no valid DER is left out. @throws ShortMessageError */
export function readCertificates(body: Uint8Array): TlsCertificate[] {
  const list = new ByteReader(new ByteReader(body).vector(3));
  const found: TlsCertificate[] = [];
  while (list.left > 0 && found.length < MAX_CHAIN) {
    const certificate = certificateOf(list.vector(3));
    if (certificate !== null) found.push(certificate);
  }
  return found;
}

/** A certificate in DER or PEM; null for bytes that are none. */
export function certificateOf(encoded: Uint8Array | string): TlsCertificate | null {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(encoded);
  } catch {
    return null; // OpenSSL's texts say less than that it is none.
  }
  const key = publicKeyOf(x509);
  if (key === null) return null;
  const names = namesOf(x509);
  const of = (kind: string): string[] => names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length));
  return {
    uris: of('URI:'),
    dnsNames: of('DNS:'),
    notBefore: x509.validFromDate.toISOString(),
    notAfter: x509.validToDate.toISOString(),
    serial: x509.serialNumber.toLowerCase(),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    keyAlgorithm: algorithmOf(key),
    keyFingerprint: createHash('sha256')
      .update(key.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  };
}

/** The signature of a certificate, PEM, was made with the key of an authority's certificate, PEM. */
export function isIssuedBy(certificate: string, authority: string): boolean {
  const key = publicKeyOf(new X509Certificate(authority));
  return key !== null && new X509Certificate(certificate).verify(key);
}

/** `URI:spiffe://…`, or with quotes where the name has a comma or another character that could begin the next one. */
const NAME = /(?<=^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?=, |$)/g;

/** None where OpenSSL cannot print them: a certificate of a stranger may have any bytes there. */
function namesOf(x509: X509Certificate): readonly string[] {
  try {
    return [...(x509.subjectAltName ?? '').matchAll(NAME)].map(
      ([, kind, name = '']) => `${kind}:${name.startsWith('"') ? JSON.parse(name) : name}`,
    );
  } catch {
    return [];
  }
}

/** Null for a key of an algorithm that OpenSSL does not know. */
function publicKeyOf(x509: X509Certificate): KeyObject | null {
  try {
    return x509.publicKey;
  } catch {
    return null;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): string {
  const { namedCurve, modulusLength } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'ec') return `ECDSA ${namedCurve ?? 'unknown'}`;
  return modulusLength === undefined ? (asymmetricKeyType ?? 'unknown') : `RSA ${modulusLength}`;
}
