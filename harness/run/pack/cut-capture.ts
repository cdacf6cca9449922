import { CaptureParser } from '../../decode/wire/capture.ts';
import { Dissector } from '../../decode/wire/dissect.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { type AddressSpace, findPacket } from '../../decode/wire/packet-search.ts';
import { pcapVariant } from '../../decode/wire/pcap.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import type { NeedleIndex } from '../../judge/ledger/needle-index.ts';
import { HandshakeCollector, hasValidMac1 } from '../../judge/wire/handshakes.ts';
import { readableContent } from '../../judge/wire/hidden-packet.ts';
import { cutOf, type FrameCut, overwrite } from './cut-frame.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Half of a record header: makes the copy of a file that ended inside a record end inside a record too. */
const CUT_TAIL = Buffer.alloc(RECORD_HEADER / 2);

/** Most handshakes of a capture that are tested: hours of a large cluster. */
const MAX_HANDSHAKES = 10_000;

/** Bytes of the ports of TCP and UDP after the IP header of a packet found by search. */
const PORTS = 4;

/** What was done to a capture. */
export interface CaptureCut {
  readonly frames: number;
  /** Frames with overwritten bytes. */
  readonly cut: number;
  readonly bytesOverwritten: number;
  /** Frames with another class or other layers after the cut: their account changes. */
  readonly changed: number;
}

/**
 * Removes the payload from a capture as a stream, and writes classic pcap. Lengths, times, headers and the run's random tokens stay;
 * application data and ciphertext do not. Everything else in a pcapng file (comments, names, decryption secrets) is left out.
 */
export class CaptureCutter {
  readonly #file: string;
  readonly #tokens: NeedleIndex;
  readonly #publicKeys: readonly string[];
  readonly #space: AddressSpace;
  #tried = 0;
  readonly #before = new Dissector();
  readonly #after = new Dissector();
  #written: Uint8Array[] = [];
  #header: Buffer | null = null;
  #linkType = -1;
  #little = true;
  #fractionUnit = 1;
  readonly #counts = { frames: 0, cut: 0, bytesOverwritten: 0, changed: 0 };

  /**
   * @param file for messages
   * @param tokens the canaries and beacons that stay in place
   * @param space addresses of the pods: packets that the judge finds by searching for them must also be found in the copy
   * @param publicKeys WireGuard keys of the run, base64: handshakes made for one of them stay complete
   */
  constructor(file: string, tokens: NeedleIndex, space: AddressSpace, publicKeys: readonly string[] = []) {
    this.#file = file;
    this.#tokens = tokens;
    this.#space = space;
    this.#publicKeys = publicKeys;
  }

  readonly #isHandshake = (frame: DissectedFrame): boolean => {
    if (this.#tried++ > MAX_HANDSHAKES) return false;
    const collector = new HandshakeCollector();
    collector.note(frame);
    const [handshake] = collector.kept;
    return handshake !== undefined && this.#publicKeys.some((key) => hasValidMac1(handshake, key));
  };

  /** @throws CaptureFormatError when the source is not a capture; RangeError when its frames have several link types */
  async *cut(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const parser = new CaptureParser(this.#file, (frame) => this.#frame(frame));
    let head = Buffer.alloc(0);
    for await (const chunk of source) {
      if (head.length < FILE_HEADER) {
        head = Buffer.concat([head, chunk.subarray(0, FILE_HEADER)]).subarray(0, FILE_HEADER);
        if (head.length === FILE_HEADER) this.#takeHeader(head);
      }
      parser.push(chunk);
      yield* this.#flush();
    }
    const { truncatedTail } = parser.end();
    yield this.#flushHeader();
    if (truncatedTail) yield CUT_TAIL;
  }

  get result(): CaptureCut {
    return { ...this.#counts };
  }

  #takeHeader(head: Buffer): void {
    const variant = pcapVariant(head.readUInt32BE(0));
    if (variant === null) return;
    this.#header = Buffer.from(head);
    this.#little = variant.littleEndian;
    this.#fractionUnit = variant.nanoseconds ? 1 : 1000;
  }

  *#flush(): Generator<Uint8Array> {
    if (this.#written.length === 0) return;
    yield this.#flushHeader();
    yield* this.#written;
    this.#written = [];
  }

  /** The file's header for pcap, a new one for pcapng; once. */
  #flushHeader(): Uint8Array {
    if (this.#header === null) {
      this.#header = Buffer.alloc(FILE_HEADER);
      this.#header.writeUInt32LE(0xa1b23c4d, 0);
      this.#header.writeUInt16LE(2, 4);
      this.#header.writeUInt16LE(4, 6);
      this.#header.writeUInt32LE(262_144, 16);
      this.#header.writeUInt32LE(Math.max(0, this.#linkType), 20);
    }
    const header = this.#header;
    this.#header = Buffer.alloc(0);
    return header;
  }

  #frame(raw: RawFrame): void {
    if (this.#linkType < 0) this.#linkType = raw.linkType;
    if (raw.linkType !== this.#linkType)
      throw new RangeError(`${this.#file}: frames of link types ${this.#linkType} and ${raw.linkType} cannot be in one pcap file`);
    const record = Buffer.allocUnsafe(RECORD_HEADER + raw.caplen);
    const word = (value: number, at: number): void =>
      void (this.#little ? record.writeUInt32LE(value, at) : record.writeUInt32BE(value, at));
    word(raw.seconds, 0);
    word(Math.floor(raw.nanoseconds / this.#fractionUnit), 4);
    word(raw.caplen, 8);
    word(raw.len, 12);
    const bytes = record.subarray(RECORD_HEADER);
    bytes.set(raw.buffer.subarray(raw.start, raw.start + raw.caplen));
    const frame = this.#before.dissect(raw);
    this.#counts.frames++;
    const cut = cutOf(frame, frame.at - raw.start, this.#isHandshake);
    if (cut !== null) {
      const overwritten = overwrite(bytes, { ...cut, ...textIn(frame, this.#space) }, this.#kept(bytes, cut.from));
      if (overwritten > 0) this.#counts.cut++;
      this.#counts.bytesOverwritten += overwritten;
    }
    const again = this.#after.dissect({ ...raw, buffer: bytes, start: 0 });
    if (again.class !== frame.class || again.layers !== frame.layers) this.#counts.changed++;
    this.#written.push(record);
  }

  #kept(bytes: Uint8Array, from: number): [number, number][] {
    const packet = findPacket(bytes, 0, bytes.length, this.#space);
    const kept: [number, number][] = packet === null ? [] : [[packet.at, Math.min(bytes.length, packet.at + packet.header + PORTS)]];
    this.#tokens.search(bytes, from, bytes.length, ({ bytes: needle }, at) => kept.push([at, at + needle.length]));
    return kept;
  }
}

/** Where text begins in the place of ciphertext. */
function textIn(frame: DissectedFrame, space: AddressSpace): Pick<FrameCut, 'zerosFrom'> {
  const content = frame.class === 'esp' || frame.class === 'wireguard' ? readableContent(frame, space) : null;
  return content === null ? {} : { zerosFrom: content.at };
}
