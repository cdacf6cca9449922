import type { CryptoAlgorithmUse, TlsSessionsAsset } from '../../harness/model/crypto.ts';
import type { AlgorithmProperties, CryptoComponent } from './cyclonedx.ts';

interface Known {
  readonly name: string;
  /** Approved by NIST for this use (FIPS 197 and SP 800-38A/D, FIPS 198-1). It does not cover the module; the operator must prove that. */
  readonly approved: 'yes' | 'no' | 'unknown';
  /** Named by NSA's suite CNSA 2.0 (advisory of September 2022, as updated in May 2025) with this key or digest length. Of the algorithm alone. */
  readonly cnsa2: 'yes' | 'no' | 'unknown';
  readonly properties: AlgorithmProperties;
  readonly oid?: string;
}

/** NIST's categories for AES by key length (post-quantum call for proposals, section 4.A.5). */
const AES_CATEGORY: Readonly<Record<number, number>> = { 128: 1, 192: 3, 256: 5 };
/** NIST's object identifiers for AES (CSOR, 2.16.840.1.101.3.4.1). */
const AES_ARC: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  gcm: { 128: 6, 192: 26, 256: 46 },
  cbc: { 128: 2, 192: 22, 256: 42 },
};
/** RFC 8018, appendix B.1.2. */
const HMAC_OID: Readonly<Record<string, string>> = {
  '256': '1.2.840.113549.2.9',
  '384': '1.2.840.113549.2.10',
  '512': '1.2.840.113549.2.11',
};
/** Salt of RFC 4106 in the kernel's key, bits. */
const GCM_SALT_BITS = 32;

/** The algorithm of an SA, by the kernel's name and key length. An unknown name is kept, with primitive unknown. */
export function algorithmComponent({ name, keyBits }: Pick<CryptoAlgorithmUse, 'name' | 'keyBits'>): CryptoComponent {
  return component(known(name, keyBits), name);
}

function known(name: string, keyBits: number | null): Known {
  if (name === 'rfc4106(gcm(aes))') return aes('gcm', keyBits === null ? null : keyBits - GCM_SALT_BITS);
  if (name === 'cbc(aes)') return aes('cbc', keyBits);
  const hash = /^hmac\(sha(256|384|512)\)$/.exec(name)?.[1];
  if (hash === undefined)
    return {
      name: keyBits === null ? name : `${name} ${keyBits}`,
      approved: 'unknown',
      cnsa2: 'unknown',
      properties: { primitive: 'unknown', executionEnvironment: 'unknown', cryptoFunctions: ['unknown'] },
    };
  const oid = HMAC_OID[hash];
  return {
    name: `HMAC-SHA-${hash}`,
    approved: 'yes',
    // Of the hashes, the suite names SHA-384 and SHA-512 only.
    cnsa2: hash === '256' ? 'no' : 'unknown',
    properties: { primitive: 'mac', parameterSetIdentifier: hash, executionEnvironment: 'unknown', cryptoFunctions: ['tag', 'verify'] },
    ...(oid === undefined ? {} : { oid }),
  };
}

function aes(mode: 'gcm' | 'cbc', bits: number | null): Known {
  const arc = bits === null ? undefined : AES_ARC[mode]?.[bits];
  const category = bits === null ? undefined : AES_CATEGORY[bits];
  return {
    name: `AES${bits === null ? '' : `-${bits}`}-${mode.toUpperCase()}`,
    approved: category === undefined ? 'unknown' : 'yes',
    cnsa2: category === undefined ? 'unknown' : bits === 256 ? 'yes' : 'no',
    properties: {
      primitive: mode === 'gcm' ? 'ae' : 'block-cipher',
      ...(bits === null ? {} : { parameterSetIdentifier: String(bits) }),
      executionEnvironment: 'unknown',
      mode,
      cryptoFunctions: mode === 'gcm' ? ['encrypt', 'decrypt', 'tag', 'verify'] : ['encrypt', 'decrypt'],
      ...(bits === null || category === undefined ? {} : { classicalSecurityLevel: bits, nistQuantumSecurityLevel: category }),
    },
    ...(arc === undefined ? {} : { oid: `2.16.840.1.101.3.4.1.${arc}` }),
  };
}

const X25519: Known = {
  name: 'X25519',
  approved: 'no',
  cnsa2: 'no',
  oid: '1.3.101.110',
  properties: {
    primitive: 'key-agree',
    curve: 'Curve25519',
    executionEnvironment: 'unknown',
    cryptoFunctions: ['keyderive'],
    classicalSecurityLevel: 128,
    nistQuantumSecurityLevel: 0,
  },
};

const CHACHA20_POLY1305: Known = {
  name: 'ChaCha20-Poly1305',
  approved: 'no',
  cnsa2: 'no',
  properties: {
    primitive: 'ae',
    parameterSetIdentifier: '256',
    executionEnvironment: 'unknown',
    cryptoFunctions: ['encrypt', 'decrypt', 'tag', 'verify'],
    classicalSecurityLevel: 256,
  },
};

const BLAKE2S: Known = {
  name: 'BLAKE2s',
  approved: 'no',
  cnsa2: 'no',
  properties: {
    primitive: 'hash',
    parameterSetIdentifier: '256',
    executionEnvironment: 'unknown',
    cryptoFunctions: ['digest', 'keyderive'],
    classicalSecurityLevel: 128,
  },
};

/** WireGuard has one suite and negotiates none: Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s (the protocol paper, section 5.4). */
export const WIREGUARD_ALGORITHMS: readonly CryptoComponent[] = [X25519, CHACHA20_POLY1305, BLAKE2S].map((algorithm) =>
  component(algorithm, 'fixed by the protocol'),
);

/** The algorithms of TLS connections with a suite and a group: the cipher, the hash, and the key exchange (RFC 8446, appendix B.4). */
export function tlsAlgorithms({ suite, group }: Pick<TlsSessionsAsset, 'suite' | 'group'>): readonly CryptoComponent[] {
  const found = [tlsCipher(suite), ...tlsHash(suite), ...(group === null ? [] : [tlsGroup(group)])];
  return found.map((algorithm) => component(algorithm, 'negotiated by TLS'));
}

function tlsCipher(suite: string): Known {
  if (suite.includes('CHACHA20_POLY1305')) return CHACHA20_POLY1305;
  const [, bits, mode] = /AES_(128|256)_(GCM|CBC)/.exec(suite) ?? [];
  return bits === undefined ? known(suite, null) : aes(mode === 'GCM' ? 'gcm' : 'cbc', Number(bits));
}

function tlsHash(suite: string): Known[] {
  const bits = /_SHA(256|384)$/.exec(suite)?.[1];
  if (bits === undefined) return [];
  const properties = { primitive: 'hash', parameterSetIdentifier: bits, executionEnvironment: 'unknown' } as const;
  return [
    {
      name: `SHA-${bits}`,
      approved: 'yes',
      cnsa2: bits === '384' ? 'yes' : 'no',
      properties: { ...properties, cryptoFunctions: ['digest', 'keyderive'] },
    },
  ];
}

/** NIST's curves by their names in TLS and in X.509 (RFC 8422, section 5.1.1; RFC 5480, section 2.1.1.1), with the security level in bits (SP 800-57 Part 1, table 2). */
const CURVES: Readonly<Record<string, { readonly name: string; readonly level: number }>> = {
  secp256r1: { name: 'P-256', level: 128 },
  prime256v1: { name: 'P-256', level: 128 },
  secp384r1: { name: 'P-384', level: 192 },
  secp521r1: { name: 'P-521', level: 256 },
};

function tlsGroup(group: string): Known {
  if (group === 'x25519') return X25519;
  const curve = CURVES[group];
  if (curve !== undefined) return onCurve(`ECDH-${curve.name}`, curve, { primitive: 'key-agree', cryptoFunctions: ['keyderive'] });
  if (!/MLKEM/.test(group)) return known(group, null);
  // A part on a curve and ML-KEM; the suite CNSA 2.0 names ML-KEM-1024.
  const cnsa2 = group.endsWith('1024') ? 'yes' : 'no';
  const properties = { primitive: 'combiner', executionEnvironment: 'unknown', cryptoFunctions: ['encapsulate', 'keyderive'] } as const;
  return { name: group, approved: 'unknown', cnsa2, properties };
}

function onCurve(
  name: string,
  { name: curve, level }: (typeof CURVES)[string],
  properties: Pick<AlgorithmProperties, 'primitive' | 'cryptoFunctions'>,
): Known {
  const levels = { classicalSecurityLevel: level, nistQuantumSecurityLevel: 0 };
  return { name, approved: 'yes', cnsa2: 'no', properties: { ...properties, curve, executionEnvironment: 'unknown', ...levels } };
}

/** The algorithm of a certificate's key: `ECDSA prime256v1`, `RSA 2048`. */
export function signatureAlgorithm(keyAlgorithm: string): CryptoComponent {
  const [kind = '', parameter = ''] = keyAlgorithm.split(' ');
  const curve = CURVES[parameter];
  const signs = { primitive: 'signature', cryptoFunctions: ['sign', 'verify'] } as const;
  if (kind === 'ECDSA' && curve !== undefined) return component(onCurve(`ECDSA-${curve.name}`, curve, signs), 'key of a certificate');
  const name = keyAlgorithm.replaceAll(' ', '-');
  const approved = kind === 'RSA' && Number(parameter) >= 2048 ? 'yes' : 'unknown';
  const properties = { ...signs, executionEnvironment: 'unknown', parameterSetIdentifier: parameter || kind } as const;
  return component({ name, approved, cnsa2: 'no', properties }, 'key of a certificate');
}

function component({ name, approved, cnsa2, properties, oid }: Known, basis: string): CryptoComponent {
  return {
    type: 'cryptographic-asset',
    'bom-ref': `algorithm/${name}`,
    name,
    cryptoProperties: { assetType: 'algorithm', algorithmProperties: properties, ...(oid === undefined ? {} : { oid }) },
    properties: [
      { name: 'wirewitness:basis', value: basis },
      { name: 'wirewitness:nistApprovedAlgorithm', value: approved },
      { name: 'wirewitness:cnsa2Algorithm', value: cnsa2 },
    ],
  };
}
