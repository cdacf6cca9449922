import { MODE_NAMES, type Mode } from '../model/mode.ts';

/**
 * The encryption that an agent reports. `other`: an encryption that is not in the list of modes; `unknown`: it does not say, which never
 * counts as `none`.
 */
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

/** The status that an agent reports. */
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
  /** `vxlan`, `geneve`, `native`, if the Routing line says it. */
  readonly routing?: string;
  readonly version?: string;
  /** Addresses and CIDRs that the agent uses on its own node, by which its answer is told from another agent's. */
  readonly own: readonly string[];
}

/** What an agent reports about the encryption that it configured; a report over several nodes has one for each node. */
export interface EncryptionStatus {
  readonly node?: string;
  readonly mode: EncryptionMode;
  readonly keysInUse?: number;
  /** Expected by the external CLI. */
  readonly expectedKeys?: number;
  /** `value` and `limit` as printed, decimal or 0x hex (up to 64 bits: use BigInt). Null for N/A: no SA has sent anything. */
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

/** What a node publishes for the others, in an object of the API server. */
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

/** Facts about the Secret with the IPsec key that are not secret. */
export interface KeySecret {
  /** 1 to 15; null when it could not be read. */
  readonly id: number | null;
  /** `+`: a derived key for each tunnel. */
  readonly perTunnelKeys: boolean;
  readonly aead?: SecretAlgorithm;
  readonly auth?: SecretAlgorithm;
  readonly enc?: SecretAlgorithm;
  /** Violated rules of the stack's loader, as text; empty when it would accept the line. */
  readonly problems: string[];
}

/** Whether the annotation of `kubectl apply` has a copy of the Secret's data. */
export const KEY_COPIES = ['absent', 'without-data', 'holds-data'] as const;
export type KeyCopy = (typeof KEY_COPIES)[number];

export interface SecretAlgorithm {
  readonly name: string;
  readonly bits: number;
  readonly fingerprint: string;
  readonly icvBits?: number;
}

/** One entry of the map of an agent's datapath: the node of an address, and the key for packets to it. */
export interface AddressMapEntry {
  readonly prefix: string;
  readonly identity: number;
  readonly encryptKey: number;
  readonly tunnelEndpoint: string;
  /** Absent when not printed; `<none>` is an empty list. */
  readonly flags?: string[];
}

/** Packets dropped by the programs of a stack on a node, for one reason and direction. */
export interface DropCounter {
  readonly reason: string;
  /** `EGRESS`, `INGRESS`. */
  readonly direction: string;
  readonly packets: number;
}

/** A packet as the stack's own log of flows has it. */
export interface LoggedFlow {
  /** Addresses as the packet has them there, after translation. */
  readonly source: string;
  readonly destination: string;
  /** `tcp`, `udp`, `sctp`, `icmp`; null where the log names none. */
  readonly protocol: string | null;
  readonly sport: number | null;
  readonly dport: number | null;
  /** The log's mark of encrypted packets. */
  readonly encrypted: boolean;
  /** Where on the node the packet was, in the log's words. */
  readonly point: string;
}

/** The name of a reported encryption in texts. */
export function encryptionName(mode: EncryptionMode): string {
  return mode === 'other' || mode === 'unknown' ? mode : MODE_NAMES[mode];
}
