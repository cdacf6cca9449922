import { pcapRecord } from '../capture-file.ts';

/** A frame of a classic pcap as tcpdump writes it on a little-endian machine. */
export interface CapturedFrame {
  /** Microseconds since 1970. */
  readonly us: bigint;
  readonly bytes: Uint8Array;
  /** Length on the wire, when more than was captured. */
  readonly wireLength?: number;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MAGIC = 0xa1b2c3d4;

/** @throws RangeError for a file of another form: the attacks know this one only */
export function readFrames(file: Uint8Array): CapturedFrame[] {
  const view = viewOf(file);
  if (file.length < FILE_HEADER || view.getUint32(0, true) !== MAGIC) throw new RangeError('no little-endian pcap with microseconds');
  const frames: CapturedFrame[] = [];
  for (let at = FILE_HEADER; at < file.length; ) {
    const [length, wireLength] = [view.getUint32(at + 8, true), view.getUint32(at + 12, true)];
    const us = BigInt(view.getUint32(at, true)) * 1_000_000n + BigInt(view.getUint32(at + 4, true));
    const bytes = file.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length);
    frames.push(wireLength === length ? { us, bytes } : { us, bytes, wireLength });
    at += RECORD_HEADER + length;
  }
  return frames;
}

/** The frames below the header of `file`. */
export function writeFrames(file: Uint8Array, frames: readonly CapturedFrame[]): Buffer {
  const parts: Uint8Array[] = [file.subarray(0, FILE_HEADER)];
  for (const { us, bytes, wireLength } of frames) {
    const time = { seconds: Number(us / 1_000_000n), fraction: Number(us % 1_000_000n) };
    parts.push(pcapRecord(bytes, { ...time, ...(wireLength === undefined ? {} : { len: wireLength }) }));
  }
  return Buffer.concat(parts);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
/** Put frames in the middle of a capture, ten microseconds apart, after the frame there. */
export function inserted(frames: readonly CapturedFrame[], more: readonly Uint8Array[], share = 0.5): CapturedFrame[] {
  const at = Math.max(1, Math.floor(frames.length * share));
  const last = frames[at - 1]?.us ?? 0n;
  return [...frames.slice(0, at), ...more.map((bytes, n) => ({ us: last + BigInt(n + 1), bytes })), ...frames.slice(at)];
}
