import type { FrameClass } from '../../model/ledger.ts';
import { formatAddress } from './address.ts';
import { u32 } from './bytes.ts';
import type { DissectedFrame } from './dissected-frame.ts';
import type { FirstPiece, FragmentTrain } from './fragment-train.ts';
import { CLASS_NAMES, Class } from './frame-class.ts';
import { Layer, LayerPaths, protocolName } from './layer.ts';
import type { RawFrame } from './record.ts';

/** Index in `Frame.words` of the innermost source; the outermost pair is at 0 (source) and 4 (destination). */
export const INNER = 8;

/** The working state of one dissection, reused for every frame; also what visitors see. */
export class Frame implements DissectedFrame {
  buffer: Uint8Array = new Uint8Array(0);
  start = 0;
  caplen = 0;
  len = 0;
  number = 0;
  seconds = 0;
  nanoseconds = 0;
  /** Where the next header starts. */
  at = 0;
  /** End of the captured part of the current packet. */
  end = 0;
  /** End of the current packet on the wire; above `end` when the snap length cut it. */
  limit = 0;
  /** Inside a first fragment: inner lengths may exceed `limit`. */
  fragmented = false;
  classCode: Class = Class.UNKNOWN;
  /** There is an AH header outside the current layer. */
  authenticated = false;
  path = 0;
  /** Innermost EtherType; -1 when there is none. */
  typeNumber = -1;
  family = 0;
  outerFamily = 0;
  /** Outer source, outer destination, inner source, inner destination; four words each, an IPv4 address in the first. */
  readonly words = new Uint32Array(16);
  protocolNumber = -1;
  hopLimit = 0;
  /** -1 when there is none. */
  sourcePort = -1;
  destinationPort = -1;
  espSpi = -1;
  espSequence = -1;
  tcpSeq = -1;
  flags = 0;
  messageType = 0;
  /** Bytes behind the innermost UDP header, of the whole datagram. */
  datagramLength = 0;
  payloadAt = 0;
  laterFragment = false;
  /** Datagrams of which this frame is the first fragment, from the outside in. */
  readonly firstPieces: FirstPiece[] = [];
  /** The whole datagram when this frame is its last missing fragment; null otherwise, or when it was not kept. */
  joined: Uint8Array | null = null;
  /** Set by whoever keeps the ledger. */
  flow = -1;
  /** Later fragment whose first was not seen yet. */
  waiting: FragmentTrain | null = null;
  readonly paths = new LayerPaths();

  /** Start with a new frame. */
  begin(raw: RawFrame): void {
    this.buffer = raw.buffer;
    this.start = this.at = this.payloadAt = raw.start;
    this.caplen = raw.caplen;
    this.len = raw.len;
    this.end = raw.start + raw.caplen;
    this.limit = raw.start + Math.max(raw.caplen, raw.len);
    this.seconds = raw.seconds;
    this.nanoseconds = raw.nanoseconds;
    this.number = raw.number;
    this.fragmented = this.authenticated = this.laterFragment = false;
    this.classCode = Class.UNKNOWN;
    this.path = this.family = this.outerFamily = this.messageType = this.flags = 0;
    this.typeNumber = this.protocolNumber = this.sourcePort = this.destinationPort = this.espSpi = this.espSequence = this.tcpSeq = -1;
    if (this.firstPieces.length > 0) this.firstPieces.length = 0;
    this.joined = null;
    this.waiting = null;
  }

  enter(layer: Layer): void {
    this.path = this.paths.append(this.path, layer);
  }

  /** True when `count` bytes of header are there; else the class says why not. */
  need(count: number): boolean {
    if (this.at + count <= this.end) return true;
    if (this.at + count <= this.limit) this.classCode = Class.TRUNCATED;
    // A first fragment too small for its headers says nothing about the packet.
    else this.classCode = this.fragmented ? Class.UNKNOWN : Class.MALFORMED;
    return false;
  }

  /** End with a class. Inside AH the class found does not change the outermost protection. */
  finish(found: Class): typeof Layer.DONE {
    this.classCode = this.authenticated && found !== Class.MALFORMED && found !== Class.TRUNCATED ? Class.AH : found;
    return Layer.DONE;
  }

  /** Narrow the current packet to `length` bytes from `at`. False when the wire had fewer. */
  narrow(length: number): boolean {
    const limit = this.at + length;
    if (limit > this.limit) return this.fragmented;
    this.limit = limit;
    if (this.end > limit) this.end = limit;
    return true;
  }

  /** Note the address pair that starts at `at`, of IPv4 (`count` 1) or IPv6 (`count` 4 words). */
  noteAddresses(family: 4 | 6, at: number): void {
    const words = this.words;
    const b = this.buffer;
    if (family === 4) {
      words[8] = u32(b, at);
      words[12] = u32(b, at + 4);
      words[9] = words[10] = words[11] = words[13] = words[14] = words[15] = 0;
    } else for (let i = 0; i < 8; i++) words[8 + i] = u32(b, at + 4 * i);
    if (this.outerFamily === 0) {
      this.outerFamily = family;
      // A loop, because a call into the runtime costs more than copying eight words.
      for (let i = 0; i < 8; i++) words[i] = words[8 + i]!;
    }
    this.family = family;
    this.sourcePort = this.destinationPort = this.tcpSeq = -1;
  }

  get class(): FrameClass {
    return CLASS_NAMES[this.classCode]!;
  }
  get layers(): string {
    return this.paths.name(this.path);
  }
  get bytes(): Uint8Array {
    return this.buffer.subarray(this.start, this.start + this.caplen);
  }
  get outerSrc(): string | null {
    return this.outerFamily === 0 ? null : formatAddress(this.outerFamily, this.words, 0);
  }
  get outerDst(): string | null {
    return this.outerFamily === 0 ? null : formatAddress(this.outerFamily, this.words, 4);
  }
  get src(): string | null {
    return this.family === 0 ? null : formatAddress(this.family, this.words, INNER);
  }
  get dst(): string | null {
    return this.family === 0 ? null : formatAddress(this.family, this.words, INNER + 4);
  }
  get protocol(): string | null {
    return this.family === 0 ? null : protocolName(this.protocolNumber);
  }
  get sport(): number | null {
    return this.sourcePort < 0 ? null : this.sourcePort;
  }
  get dport(): number | null {
    return this.destinationPort < 0 ? null : this.destinationPort;
  }
  get payloadOffset(): number {
    return this.payloadAt - this.start;
  }
  get payloadLength(): number {
    return Math.max(0, this.end - this.payloadAt);
  }
  get payload(): Uint8Array {
    return this.buffer.subarray(this.payloadAt, Math.max(this.payloadAt, this.end));
  }
  get spi(): number | null {
    return this.espSpi < 0 ? null : this.espSpi;
  }
  get sequence(): number | null {
    return this.espSequence < 0 ? null : this.espSequence;
  }
  get tcpSequence(): number | null {
    return this.tcpSeq < 0 ? null : this.tcpSeq;
  }
  get tcpFlags(): number | null {
    return this.tcpSeq < 0 ? null : this.flags;
  }
  get etherType(): number | null {
    return this.typeNumber < 0 ? null : this.typeNumber;
  }
  get wireguardType(): number | null {
    return this.messageType === 0 ? null : this.messageType;
  }
}
