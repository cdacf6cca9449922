import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';

/** A certificate with its private key, both in PEM. */
export interface IssuedCertificate {
  readonly certificate: string;
  /** PKCS #8. Secret: in memory only. */
  readonly privateKey: string;
}

/** What a workload's certificate says. */
export interface WorkloadName {
  /** `spiffe://cluster.local/ns/default/sa/tiefighter`; any other text is written as a DNS name. */
  readonly uri: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** PKCS #8 in PEM; absent: a new one. */
  readonly privateKey?: string;
}

/** A certificate authority that lives as long as this process. */
export interface Authority {
  /** Its own certificate in PEM, which the proxies trust. */
  readonly root: string;
  issue(name: WorkloadName): IssuedCertificate;
  /** Each private key that it made, the number alone: what stands around it is public. */
  readonly secrets: readonly Uint8Array[];
}

const HOUR_MS = 3_600_000;
const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  organization: '55040a',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  serverAuth: '2b06010505070301',
  clientAuth: '2b06010505070302',
} as const;

/** One certificate authority with a new key (ECDSA P-256, as istiod's and ztunnel's). X.509 version 3 (RFC 5280), written as DER. */
export function newAuthority(now: Date = new Date()): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const secrets = [secretOf(own.privateKey)];
  const issuer = nameOf('wirewitness lab');
  const isAuthority = [extension(OID.basicConstraints, sequence(tag(0x01, [0xff]))), extension(OID.keyUsage, tag(0x03, [2, 0x04]))];
  const lifetime = { notBefore: new Date(now.getTime() - HOUR_MS), notAfter: new Date(now.getTime() + 24 * HOUR_MS) };
  const root = certificate({ issuer, subject: issuer, ...lifetime, extensions: isAuthority }, own.publicKey, own.privateKey);
  return {
    root,
    secrets,
    issue: ({ uri, notBefore, notAfter, privateKey }) => {
      const key = privateKey === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : createPrivateKey(privateKey);
      secrets.push(secretOf(key));
      const usages = sequence(oid(OID.serverAuth), oid(OID.clientAuth));
      const extensions = [
        extension(OID.keyUsage, tag(0x03, [7, 0x80])),
        extension(OID.extendedKeyUsage, usages),
        // The subject is empty, so the alternative name is critical (RFC 5280, section 4.2.1.6).
        extension(OID.subjectAltName, sequence(tag(uri.startsWith('spiffe://') ? 0x86 : 0x82, Buffer.from(uri)))),
      ];
      return {
        certificate: certificate({ issuer, subject: sequence(), notBefore, notAfter, extensions }, createPublicKey(key), own.privateKey),
        privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

function secretOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
}

interface Contents {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
}

function certificate({ issuer, subject, notBefore, notAfter, extensions }: Contents, owner: KeyObject, signer: KeyObject): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const signed = sequence(
    tag(0xa0, tag(0x02, [2])),
    tag(0x02, serial),
    algorithm,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    owner.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', signed, signer);
  return new X509Certificate(sequence(signed, algorithm, tag(0x03, Buffer.concat([Buffer.from([0]), signature])))).toString();
}

/** Every extension here is critical. */
function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), tag(0x01, [0xff]), tag(0x04, value));
}

function nameOf(organization: string): Buffer {
  return sequence(tag(0x31, sequence(oid(OID.organization), tag(0x0c, Buffer.from(organization)))));
}

/** UTCTime, which years before 2050 must have (RFC 5280, section 4.1.2.5). */
function time(date: Date): Buffer {
  return tag(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}

const oid = (hex: string): Buffer => tag(0x06, Buffer.from(hex, 'hex'));

const sequence = (...parts: readonly Buffer[]): Buffer => tag(0x30, Buffer.concat(parts));

/** Tag, length and value (X.690, section 8.1). */
function tag(type: number, value: Uint8Array | readonly number[]): Buffer {
  const body = Buffer.from(value as Uint8Array);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([type, ...size]), body]);
}
