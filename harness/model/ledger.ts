import type { Family } from './mode.ts';

/**
 * The class of a frame: the outermost protection met on the way in. `clear` is an IP packet with none, `control` is link
 * and neighbour housekeeping (ARP, ND, LLDP, STP …). `unknown`, `malformed`, `truncated` never count as encrypted.
 */
export type FrameClass = 'esp' | 'wireguard' | 'ike' | 'ah' | 'tls' | 'clear' | 'control' | 'unknown' | 'malformed' | 'truncated';

export interface Tally {
  readonly frames: number;
  readonly bytes: number;
}

/** One SA as seen on a capture. `spi` is `0x%08x`; sequence numbers are the 32 bits on the wire. */
export interface EspAccount {
  readonly src: string;
  readonly dst: string;
  readonly spi: string;
  readonly frames: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly duplicates: number;
}

export interface WireguardAccount {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  /** `initiation`, `response`, `cookie`, `data`. */
  readonly type: string;
  readonly frames: number;
  /** Bytes of the messages, from the type byte to the end of the datagram: what the kernel counts as transfer. Whatever is around them is not in. */
  readonly bytes: number;
}

/** One direction of one conversation at the innermost IP layer that was readable; `outer` is the outermost IP pair. */
export interface FlowAccount {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly sport: number | null;
  readonly dport: number | null;
  readonly class: FrameClass;
  readonly frames: number;
  readonly bytes: number;
  readonly family: Family | null;
  readonly outer: { readonly src: string; readonly dst: string };
  /** Layers from the outside in, joined by `/`: `eth/ipv4/udp/vxlan/eth/ipv4/tcp`. */
  readonly layers: string;
}

/** The account of every frame of a capture; class counts add up to `frames`, class bytes to `wireBytes`. */
export interface Ledger {
  readonly format: 'pcap' | 'pcapng';
  readonly frames: number;
  /** Bytes captured (sum of caplen). */
  readonly bytes: number;
  /** Bytes on the wire (sum of len). */
  readonly wireBytes: number;
  /** The file ends inside a record. */
  readonly truncatedTail: boolean;
  readonly classes: Readonly<Partial<Record<FrameClass, Tally>>>;
  readonly esp: readonly EspAccount[];
  readonly wireguard: readonly WireguardAccount[];
  readonly flows: readonly FlowAccount[];
}
