import * as z from 'zod';
import type { Data } from './data.ts';
import { familySchema } from './mode.ts';

/**
 * The class of a frame: its outermost protection. `clear` is an IP packet without one, `control` is traffic of links and neighbours (ARP,
 * ND, LLDP, STP …). `unknown`, `malformed`, `truncated` never count as encrypted.
 */
const frameClassSchema = z.enum(['esp', 'wireguard', 'ike', 'ah', 'tls', 'clear', 'control', 'unknown', 'malformed', 'truncated']);
export type FrameClass = z.output<typeof frameClassSchema>;

const tallySchema = z.object({
  frames: z.number(),
  bytes: z.number(),
});
export type Tally = Data<typeof tallySchema>;

/** One SA as seen on a capture. `spi` is `0x%08x`; sequence numbers are the 32 bits on the wire. */
const espAccountSchema = z.object({
  src: z.string(),
  dst: z.string(),
  spi: z.string(),
  frames: z.number(),
  firstSeq: z.number(),
  lastSeq: z.number(),
  duplicates: z.number(),
});
export type EspAccount = Data<typeof espAccountSchema>;

const wireguardAccountSchema = z.object({
  src: z.string(),
  dst: z.string(),
  sport: z.number(),
  dport: z.number(),
  /** `initiation`, `response`, `cookie`, `data`. */
  type: z.string(),
  frames: z.number(),
  /**
   * Bytes of the messages, from the type byte to the end of the datagram: what the kernel counts as transfer. Outer headers are not
   * included.
   */
  bytes: z.number(),
});
export type WireguardAccount = Data<typeof wireguardAccountSchema>;

/** One direction of one conversation at the innermost IP layer that was readable; `outer` is the outermost IP pair. */
const flowAccountSchema = z.object({
  src: z.string(),
  dst: z.string(),
  protocol: z.string(),
  sport: z.number().nullable(),
  dport: z.number().nullable(),
  class: frameClassSchema,
  frames: z.number(),
  bytes: z.number(),
  family: familySchema.nullable(),
  outer: z.object({ src: z.string(), dst: z.string() }),
  /** Layers from the outside in, joined by `/`: `eth/ipv4/udp/vxlan/eth/ipv4/tcp`. */
  layers: z.string(),
});
export type FlowAccount = Data<typeof flowAccountSchema>;

/** The account of every frame of a capture; class counts add up to `frames`, class bytes to `wireBytes`. */
export const ledgerSchema = z.object({
  format: z.enum(['pcap', 'pcapng']),
  frames: z.number(),
  /** Bytes captured (sum of caplen). */
  bytes: z.number(),
  /** Bytes on the wire (sum of len). */
  wireBytes: z.number(),
  /** The file ends inside a record. */
  truncatedTail: z.boolean(),
  classes: z.partialRecord(frameClassSchema, tallySchema),
  esp: z.array(espAccountSchema),
  wireguard: z.array(wireguardAccountSchema),
  flows: z.array(flowAccountSchema),
});
export type Ledger = Data<typeof ledgerSchema>;
