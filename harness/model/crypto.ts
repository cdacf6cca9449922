import type { Mode } from './mode.ts';

/** An algorithm in use, by the name the kernel gives it: `rfc4106(gcm(aes))`, `cbc(aes)`, `hmac(sha256)`. */
export interface CryptoAlgorithmUse {
  readonly role: 'aead' | 'encryption' | 'authentication';
  readonly name: string;
  /** The whole key, with the 32 bits of salt where the algorithm has one (160 for AES-128-GCM); null when it was not printed. */
  readonly keyBits: number | null;
  /** Length of the integrity check value; null when it was not printed. */
  readonly icvBits: number | null;
  /** Keyed hash under a key of the run: equal only within one recording. Null when no key was read. */
  readonly fingerprint: string | null;
}

/** When something was seen in the kernel or the API: UTC of the first and the last command that showed it, and of the first one that no longer did. */
export interface CryptoSighting {
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Null while it was there to the end. */
  readonly goneBy: string | null;
  /** Nodes on which it was seen; empty for the API. */
  readonly nodes: readonly string[];
  /** Paths inside the recording: the first and the last output that shows it. */
  readonly evidence: readonly string[];
}

/** An IPsec SA with one key. The same SPI with another key is another asset. */
export interface IpsecAssociationAsset extends CryptoSighting {
  readonly kind: 'ipsec-association';
  /** `esp`; anything else is no encryption. */
  readonly proto: string;
  readonly src: string;
  readonly dst: string;
  /** `0x%08x`. Its low four bits are Cilium's key id. */
  readonly spi: string;
  /** `tunnel`, `transport`; null when it was not printed. */
  readonly mode: string | null;
  /** Extended sequence numbers (RFC 4303, section 2.2.1). */
  readonly esn: boolean;
  readonly algorithms: readonly CryptoAlgorithmUse[];
}

/** The key of the Secret `cilium-ipsec-keys`, from which the SAs' keys come. */
export interface IpsecKeyAsset extends CryptoSighting {
  readonly kind: 'ipsec-key';
  /** Cilium's key id, 1 to 15; null when it could not be read. */
  readonly keyId: number | null;
  readonly perTunnelKeys: boolean;
  readonly algorithms: readonly CryptoAlgorithmUse[];
}

/** The static key pair of a node's WireGuard device. Public keys are public. */
export interface WireguardKeyAsset extends CryptoSighting {
  readonly kind: 'wireguard-key';
  readonly interface: string;
  /** Base64, 44 characters. */
  readonly publicKey: string;
  /** Public keys of its peers, sorted. */
  readonly peers: readonly string[];
  /** Peers with a preshared key, and peers of which that is not known. */
  readonly presharedKeys: number;
  readonly presharedUnknown: number;
}

export type CryptoAsset = IpsecAssociationAsset | IpsecKeyAsset | WireguardKeyAsset;

/** The cryptography that was observed in the kernels and the key Secret of a recording. Holds no key. */
export interface CryptoInventory {
  readonly mode: Mode;
  /** In a fixed order. Empty when nothing was seen, which is no proof that there is nothing. */
  readonly assets: readonly CryptoAsset[];
  /** Outputs that could not be read: where there are any, the inventory is not complete. */
  readonly gaps: readonly string[];
}
