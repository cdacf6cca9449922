/** Which of the four kinds of pcap to write. */
export interface PcapKind {
  readonly littleEndian: boolean;
  readonly nanoseconds: boolean;
}

/** The kind that tcpdump writes on common machines. */
export const TCPDUMP_KIND: PcapKind = { littleEndian: true, nanoseconds: false };

function words(littleEndian: boolean, values: readonly number[]): Buffer {
  const b = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    if (littleEndian) b.writeUInt32LE(value >>> 0, i * 4);
    else b.writeUInt32BE(value >>> 0, i * 4);
  });
  return b;
}

/** File header of a pcap. */
export function pcapHeader(linkType = 1, kind = TCPDUMP_KIND, snapLength = 262144): Buffer {
  const magic = kind.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const version = kind.littleEndian ? 0x0004_0002 : 0x0002_0004;
  return words(kind.littleEndian, [magic, version, 0, 0, snapLength, linkType]);
}

/** One record of a pcap; `len` is the length on the wire when the snap length cut the frame. */
export function pcapRecord(frame: Uint8Array, o: { seconds?: number; fraction?: number; len?: number; kind?: PcapKind } = {}): Buffer {
  const kind = o.kind ?? TCPDUMP_KIND;
  return Buffer.concat([words(kind.littleEndian, [o.seconds ?? 0, o.fraction ?? 0, frame.length, o.len ?? frame.length]), frame]);
}

/** A frame and when it was captured, Unix milliseconds. */
export interface TimedBytes {
  readonly ms: number;
  readonly bytes: Uint8Array;
}

/** When frames of no stated time were captured, Unix milliseconds. */
const FIRST_FRAME = Date.parse('2026-01-01T00:00:00.000Z');

/** A whole pcap; frames of no stated time come one a millisecond. */
export function pcapFile(frames: readonly (Uint8Array | TimedBytes)[], linkType = 1, kind = TCPDUMP_KIND): Buffer {
  const records = frames.map((frame, i) => {
    const { ms, bytes } = frame instanceof Uint8Array ? { ms: FIRST_FRAME + i, bytes: frame } : frame;
    const fraction = Math.round((ms % 1000) * (kind.nanoseconds ? 1_000_000 : 1000));
    return pcapRecord(bytes, { seconds: Math.floor(ms / 1000), fraction, kind });
  });
  return Buffer.concat([pcapHeader(linkType, kind), ...records]);
}

/** One pcapng block with its length before and after. */
export function pcapngBlock(type: number, body: Uint8Array, littleEndian = true): Buffer {
  const padded = Buffer.concat([body, new Uint8Array((4 - (body.length % 4)) % 4)]);
  const length = words(littleEndian, [padded.length + 12]);
  return Buffer.concat([words(littleEndian, [type]), length, padded, length]);
}

/** Section header block. */
export function pcapngSection(littleEndian = true): Buffer {
  const version = littleEndian ? 0x0000_0001 : 0x0001_0000;
  return pcapngBlock(0x0a0d0d0a, words(littleEndian, [0x1a2b3c4d, version, 0xffffffff, 0xffffffff]), littleEndian);
}

/** Interface description with a timestamp resolution (`if_tsresol` as written). */
export function pcapngInterface(linkType: number, tsresol: number, littleEndian = true): Buffer {
  const short = littleEndian ? [linkType & 255, linkType >> 8, 0, 0] : [linkType >> 8, linkType & 255, 0, 0];
  const option = littleEndian ? [9, 0, 1, 0, tsresol, 0, 0, 0, 0, 0, 0, 0] : [0, 9, 0, 1, tsresol, 0, 0, 0, 0, 0, 0, 0];
  return pcapngBlock(1, Buffer.concat([Buffer.from(short), words(littleEndian, [0]), Buffer.from(option)]), littleEndian);
}

/** Enhanced packet block with a 64 bit timestamp in the interface's units. */
export function pcapngPacket(itf: number, time: bigint, frame: Uint8Array, littleEndian = true): Buffer {
  const header = words(littleEndian, [itf, Number(time >> 32n), Number(time & 0xffffffffn), frame.length, frame.length]);
  return pcapngBlock(6, Buffer.concat([header, frame]), littleEndian);
}

/** The bytes in chunks of `size`, as a stream would give them. */
export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
