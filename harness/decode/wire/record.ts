/** Largest record that is buffered, 16 MiB: 64 times tcpdump's largest snap length, above any BIG TCP packet. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * One captured frame. The object and its buffer are reused: both are valid only during the visit.
 * The frame is `buffer[start … start + caplen)`.
 */
export interface RawFrame {
  buffer: Uint8Array;
  /** Its number in the file, from 1, as tshark counts. */
  number: number;
  start: number;
  /** Bytes captured. */
  caplen: number;
  /** Bytes on the wire. */
  len: number;
  /** LINKTYPE_ value. */
  linkType: number;
  /** Seconds since 1970 UTC. */
  seconds: number;
  /** 0 … 999,999,999. */
  nanoseconds: number;
}

/** Called once for each frame, in file order. */
export type FrameVisitor = (frame: RawFrame) => void;

/** What is known when a capture has been read to its end. */
export interface CaptureSummary {
  readonly format: 'pcap' | 'pcapng';
  /** The file ends inside a record. */
  readonly truncatedTail: boolean;
}

/**
 * The reader of one format. `parse` reads whole records of `bytes[from … to)` and returns where it stopped; a result above `to` means that
 * the bytes up to there must be skipped. `need` is the number of bytes of the next record.
 */
export interface RecordReader {
  readonly format: 'pcap' | 'pcapng';
  readonly need: number;
  /** Frames before the next one. */
  frames: number;
  /** File headers, and blocks that describe a section or an interface, so far. */
  readonly headers: number;
  parse(bytes: Uint8Array, from: number, to: number, fileOffset: number): number;
}

/** A new reusable frame. */
export function emptyRawFrame(): RawFrame {
  return { buffer: new Uint8Array(0), number: 0, start: 0, caplen: 0, len: 0, linkType: 0, seconds: 0, nanoseconds: 0 };
}
