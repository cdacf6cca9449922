/** `unknown` when the output has no encryption line (external CLI) or an unread value: never taken for Disabled. */
export type EncryptionMode = 'Disabled' | 'IPsec' | 'Wireguard' | 'Ztunnel' | 'unknown';

/** A WireGuard interface as the agent describes it. */
export interface AgentWireguardInterface {
  readonly name: string;
  readonly publicKey?: string;
  readonly listenPort?: number;
  readonly peerCount?: number;
  readonly peers?: readonly AgentWireguardPeer[];
}

export interface AgentWireguardPeer {
  readonly publicKey: string;
  readonly endpoint?: string;
  readonly allowedIps: string[];
  /** As printed: RFC 3339, or `0001-01-01T00:00:00.000Z` for never. */
  readonly lastHandshake?: string;
  readonly received?: number;
  readonly sent?: number;
}

/** `cilium status`, `cilium-dbg status` (text, `-o json`), from `decodeCiliumStatus(text): Decoded<CiliumStatus>` in `cilium-status.ts`. One item, none for empty text. */
export interface CiliumStatus {
  readonly encryption: {
    readonly mode: EncryptionMode;
    /** As printed after `NodeEncryption:`; absent when not printed. */
    readonly nodeEncryption?: string;
    readonly interfaces: AgentWireguardInterface[];
    /** The raw value of the line, for messages. */
    readonly text?: string;
  };
  /** Every `Name: value` line of the text form, first one wins; top-level scalars and `.state`/`.msg` of the JSON form. */
  readonly fields: Readonly<Record<string, string>>;
  /** `vxlan`, `geneve`, `native` as far as the Routing line says it. */
  readonly routing?: string;
  readonly ciliumVersion?: string;
}

/** `encrypt status`, from `decodeEncryptStatus(text): Decoded<EncryptStatus>` in `encrypt-status.ts`. One item a status (a per-node CLI report gives several). */
export interface EncryptStatus {
  readonly node?: string;
  readonly mode: EncryptionMode;
  readonly keysInUse?: number;
  /** Expected by the external CLI. */
  readonly expectedKeys?: number;
  /** `value` and `limit` as printed, decimal or 0x hex (up to 64 bits: use BigInt). Null for N/A: no SA ever sent. */
  readonly maxSeq?: { readonly value: string; readonly limit: string } | null;
  readonly errorCount?: number;
  /** Xfrm error names and counts; empty when none was listed. */
  readonly errors: Readonly<Record<string, number>>;
  readonly decryptionInterfaces?: string[];
  readonly perNodeKey?: boolean;
  readonly wireguard?: { readonly nodeEncryption?: string; readonly interfaces: AgentWireguardInterface[] };
}

/** One option, from `decodeCiliumConfig(text): Decoded<CiliumConfigEntry>` in `cilium-config.ts`. `key` as printed (`enable-ipsec`, `EnableIPSec`). */
export interface CiliumConfigEntry {
  readonly key: string;
  readonly value: string;
}

/** A CiliumNode object, from `decodeCiliumNodes(text): Decoded<CiliumNodeItem>` in `cilium-nodes.ts`. */
export interface CiliumNodeItem {
  readonly name: string;
  readonly addresses: { readonly type: string; readonly ip: string }[];
  readonly podCidrs: string[];
  /** `spec.encryption.key`: the SPI for IPsec, 255 for WireGuard, 0 for off; absent when the object does not say it. */
  readonly encryptionKey?: number;
  readonly bootId?: string;
  /** Annotation `network.cilium.io/wg-pub-key`. */
  readonly wireguardPublicKey?: string;
  readonly health?: string[];
}

/** Safe facts of the IPsec key file, from `decodeKeySecret(text, options?): Decoded<KeySecret>` in `key-secret.ts`. */
export interface KeySecret {
  /** 1 to 15; null when it could not be read. */
  readonly id: number | null;
  /** `+`: one key a tunnel, derived. */
  readonly perTunnelKeys: boolean;
  readonly aead?: SecretAlgorithm;
  readonly auth?: SecretAlgorithm;
  readonly enc?: SecretAlgorithm;
  /** Rules of Cilium's loader that the line breaks, each in words; empty when it would be accepted. */
  readonly problems: string[];
}

export interface SecretAlgorithm {
  readonly name: string;
  readonly bits: number;
  readonly fingerprint: string;
  readonly icvBits?: number;
}

/** One row of `bpf ipcache list`, from `decodeIpcache(text): Decoded<IpcacheEntry>` in `ipcache.ts`. */
export interface IpcacheEntry {
  readonly prefix: string;
  readonly identity: number;
  readonly encryptKey: number;
  readonly tunnelEndpoint: string;
  /** Absent when not printed; `<none>` is an empty list. */
  readonly flags?: string[];
}
