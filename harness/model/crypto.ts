import * as z from 'zod';
import { comparedKeysSchema } from './comparable-keys.ts';
import type { Data } from './data.ts';
import { modeSchema } from './mode.ts';

/** An algorithm in use, by the name the kernel gives it: `rfc4106(gcm(aes))`, `cbc(aes)`, `hmac(sha256)`. */
const cryptoAlgorithmUseSchema = z.object({
  role: z.enum(['aead', 'encryption', 'authentication']),
  name: z.string(),
  /** The whole key, with the 32 bits of salt where the algorithm has one (160 for AES-128-GCM); null when it was not printed. */
  keyBits: z.number().nullable(),
  /** Length of the integrity check value; null when it was not printed. */
  icvBits: z.number().nullable(),
  /** Keyed hash under a key of the run: equal only within one recording. Null when no key was read. */
  fingerprint: z.string().nullable(),
});
export type CryptoAlgorithmUse = Data<typeof cryptoAlgorithmUseSchema>;

/**
 * When something was seen in the kernel or the API: UTC of the first and the last command that showed it, and of the first command that no
 * longer showed it.
 */
const cryptoSightingSchema = z.object({
  firstSeen: z.string(),
  lastSeen: z.string(),
  /** Null when it was there to the end. */
  goneBy: z.string().nullable(),
  /** Nodes on which it was seen; empty for the API. */
  nodes: z.array(z.string()),
  /** Paths inside the recording: the first and the last output that shows it. */
  evidence: z.array(z.string()),
});
export type CryptoSighting = Data<typeof cryptoSightingSchema>;

/** An IPsec SA with one key. The same SPI with another key is another asset. */
const ipsecAssociationAssetSchema = cryptoSightingSchema.extend({
  kind: z.literal('ipsec-association'),
  /** `esp`; any other value is not encryption. */
  proto: z.string(),
  src: z.string(),
  dst: z.string(),
  /** `0x%08x`. Its low four bits are the key id. */
  spi: z.string(),
  /** `tunnel`, `transport`; null when it was not printed. */
  mode: z.string().nullable(),
  /** Extended sequence numbers (RFC 4303, section 2.2.1). */
  esn: z.boolean(),
  algorithms: z.array(cryptoAlgorithmUseSchema),
});
export type IpsecAssociationAsset = Data<typeof ipsecAssociationAssetSchema>;

/** The key of the stack's Secret, from which the SAs' keys come. */
const ipsecKeyAssetSchema = cryptoSightingSchema.extend({
  kind: z.literal('ipsec-key'),
  /** The key id, 1 to 15; null when it could not be read. */
  keyId: z.number().nullable(),
  perTunnelKeys: z.boolean(),
  algorithms: z.array(cryptoAlgorithmUseSchema),
});
export type IpsecKeyAsset = Data<typeof ipsecKeyAssetSchema>;

/** The static key pair of a node's WireGuard device. Public keys are public. */
const wireguardKeyAssetSchema = cryptoSightingSchema.extend({
  kind: z.literal('wireguard-key'),
  interface: z.string(),
  /** Base64, 44 characters. */
  publicKey: z.string(),
  /** Public keys of its peers, sorted. */
  peers: z.array(z.string()),
  /** Peers with a preshared key, and peers of which that is not known. */
  presharedKeys: z.number(),
  presharedUnknown: z.number(),
});
export type WireguardKeyAsset = Data<typeof wireguardKeyAssetSchema>;

/** A workload's certificate, as its proxy has it. Everything in it is public. */
const tlsCertificateAssetSchema = cryptoSightingSchema.extend({
  kind: z.literal('tls-certificate'),
  /** SPIFFE id; empty where the certificate has none. */
  identity: z.string(),
  serial: z.string(),
  /** `ECDSA prime256v1`, `RSA 2048`. */
  keyAlgorithm: z.string(),
  /** Of the public key (SubjectPublicKeyInfo), SHA-256 in hex. */
  keyFingerprint: z.string(),
  /** ISO 8601. */
  notBefore: z.string(),
  notAfter: z.string(),
});
export type TlsCertificateAsset = Data<typeof tlsCertificateAssetSchema>;

/** The TLS connections of one version, cipher suite and group that the captures show while encryption was on. */
const tlsSessionsAssetSchema = cryptoSightingSchema.extend({
  kind: z.literal('tls-sessions'),
  version: z.string(),
  suite: z.string(),
  /** Of the key exchange; null where it has none. */
  group: z.string().nullable(),
  /** The group has a part that a quantum computer does not break. */
  postQuantum: z.boolean(),
  connections: z.number(),
});
export type TlsSessionsAsset = Data<typeof tlsSessionsAssetSchema>;

const cryptoAssetSchema = z.discriminatedUnion('kind', [
  ipsecAssociationAssetSchema,
  ipsecKeyAssetSchema,
  wireguardKeyAssetSchema,
  tlsCertificateAssetSchema,
  tlsSessionsAssetSchema,
]);
export type CryptoAsset = Data<typeof cryptoAssetSchema>;

/** The cryptography observed in the kernels, the key Secret, the proxies and the captures of a recording. Contains no key. */
export const cryptoInventorySchema = z.object({
  mode: modeSchema,
  /** In a fixed order. Empty when nothing was seen, which does not prove that there is none. */
  assets: z.array(cryptoAssetSchema),
  /** Outputs that could not be read: if there is one, the inventory is not complete. */
  gaps: z.array(z.string()),
  /** By what its keys can be held against those of other runs; absent in reports of earlier versions. */
  compared: z.array(comparedKeysSchema).exactOptional(),
});
export type CryptoInventory = Data<typeof cryptoInventorySchema>;
