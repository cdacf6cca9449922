import type { CryptoAlgorithmUse } from '../../harness/model/crypto.ts';
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

/** WireGuard has one suite and negotiates none: Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s (the protocol paper, section 5.4). */
export const WIREGUARD_ALGORITHMS: readonly CryptoComponent[] = [
  {
    name: 'X25519',
    approved: 'no' as const,
    cnsa2: 'no' as const,
    oid: '1.3.101.110',
    properties: {
      primitive: 'key-agree' as const,
      curve: 'Curve25519',
      executionEnvironment: 'unknown' as const,
      cryptoFunctions: ['keyderive' as const],
      classicalSecurityLevel: 128,
      nistQuantumSecurityLevel: 0,
    },
  },
  {
    name: 'ChaCha20-Poly1305',
    approved: 'no' as const,
    cnsa2: 'no' as const,
    properties: {
      primitive: 'ae' as const,
      parameterSetIdentifier: '256',
      executionEnvironment: 'unknown' as const,
      cryptoFunctions: ['encrypt' as const, 'decrypt' as const, 'tag' as const, 'verify' as const],
      classicalSecurityLevel: 256,
    },
  },
  {
    name: 'BLAKE2s',
    approved: 'no' as const,
    cnsa2: 'no' as const,
    properties: {
      primitive: 'hash' as const,
      parameterSetIdentifier: '256',
      executionEnvironment: 'unknown' as const,
      cryptoFunctions: ['digest' as const, 'keyderive' as const],
      classicalSecurityLevel: 128,
    },
  },
].map((algorithm) => component(algorithm, 'fixed by the protocol'));

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
