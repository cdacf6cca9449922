import { MODE_NAMES, type Mode } from '../model/mode.ts';

/** What an agent says that it does. `other`: an encryption that is no mode of ours; `unknown`: it does not say, which is never taken for `none`. */
export type EncryptionMode = Mode | 'other' | 'unknown';

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

/** What an agent says of itself. */
export interface AgentStatus {
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
  readonly version?: string;
}

/** An agent's account of the encryption that it set up; a report over several nodes gives one a node. */
export interface EncryptionStatus {
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

/** One option of an agent's configuration. `key` as printed (`enable-ipsec`, `EnableIPSec`). */
export interface ConfigEntry {
  readonly key: string;
  readonly value: string;
}

/** What a node publishes of itself to the others, in an object of the API server. */
export interface NodeObject {
  readonly name: string;
  readonly addresses: { readonly type: string; readonly ip: string }[];
  readonly podCidrs: string[];
  /** `spec.encryption.key`: the SPI for IPsec, 255 for WireGuard, 0 for off; absent when the object does not say it. */
  readonly encryptionKey?: number;
  readonly bootId?: string;
  /** The public key of its WireGuard device. */
  readonly wireguardPublicKey?: string;
  readonly health?: string[];
}

/** Safe facts of the Secret that holds the IPsec key. */
export interface KeySecret {
  /** 1 to 15; null when it could not be read. */
  readonly id: number | null;
  /** `+`: one key a tunnel, derived. */
  readonly perTunnelKeys: boolean;
  readonly aead?: SecretAlgorithm;
  readonly auth?: SecretAlgorithm;
  readonly enc?: SecretAlgorithm;
  /** Rules of the stack's loader that the line breaks, each in words; empty when it would be accepted. */
  readonly problems: string[];
}

/** Whether a copy of a Secret's data is in the annotation by which `kubectl apply` remembers it. */
export const KEY_COPIES = ['absent', 'without-data', 'holds-data'] as const;
export type KeyCopy = (typeof KEY_COPIES)[number];

export interface SecretAlgorithm {
  readonly name: string;
  readonly bits: number;
  readonly fingerprint: string;
  readonly icvBits?: number;
}

/** One entry of the map by which an agent's datapath knows where addresses are, and under which key packets to them must leave. */
export interface AddressMapEntry {
  readonly prefix: string;
  readonly identity: number;
  readonly encryptKey: number;
  readonly tunnelEndpoint: string;
  /** Absent when not printed; `<none>` is an empty list. */
  readonly flags?: string[];
}

/** Packets that the programs of a stack dropped on a node, for one reason and direction. */
export interface DropCounter {
  readonly reason: string;
  /** `EGRESS`, `INGRESS`. */
  readonly direction: string;
  readonly packets: number;
}

/** What an agent says that it does, as texts write it. */
export function encryptionName(mode: EncryptionMode): string {
  return mode === 'other' || mode === 'unknown' ? mode : MODE_NAMES[mode];
}
