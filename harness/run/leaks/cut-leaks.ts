import type { LeakFile } from '../../../reports/leak-file.ts';
import { problemFrames } from '../../../reports/problem-frames.ts';
import { readCapture } from '../../decode/wire/capture.ts';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import { publicKeysOf } from '../../judge/evidence/public-keys.ts';
import { podSpace } from '../../judge/wire/pod-space.ts';
import type { Recording } from '../../model/recording.ts';
import type { Report } from '../../model/report.ts';
import { captureTokens } from '../pack/capture-tokens.ts';
import { CaptureCutter } from '../pack/cut-capture.ts';

/** The most files, frames in a file, and bytes of a frame that are extracted: for display, not for storage. */
const MAX_FILES = 8;
const MAX_FRAMES = 32;
const MAX_BYTES = 2048;
/** Bytes of a frame that the page prints: Ethernet, IP, UDP, VXLAN, and the inner headers. */
const SHOWN_BYTES = 112;

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Magic of pcap with nanoseconds, written in little-endian order (draft-ietf-opsawg-pcap). */
const NANOSECONDS = 0xa1b23c4d;

/** A file to write, and what the page says about it. */
export interface CutLeak extends LeakFile {
  readonly bytes: Uint8Array;
}

/**
 * The frames of a report's problems, extracted from their captures, one file for each capture. Their payload is overwritten as in an
 * evidence pack, except for the run's random tokens, so that no application data of the cluster leaves the recording. A capture that cannot
 * be read gives no file: the report has what the checks found.
 */
export async function cutLeaks(report: Report, recording: Recording): Promise<readonly CutLeak[]> {
  const known = new Set(recording.manifest.captures.map(({ file }) => file));
  const groups = [...Map.groupBy(problemFrames(report), ({ capture }) => capture)].filter(([capture]) => known.has(capture));
  if (groups.length === 0) return [];
  const tokens = captureTokens(recording.manifest);
  const space = podSpace(recording.manifest.cluster);
  const publicKeys = [...(await publicKeysOf(recording))];
  const leaks: CutLeak[] = [];
  for (const [capture, frames] of groups.slice(0, MAX_FILES)) {
    const wanted = new Set(frames.slice(0, MAX_FRAMES).map(({ frame }) => frame));
    const whole = await extract(recording, capture, wanted);
    if (whole === null) continue;
    const cutter = new CaptureCutter(capture, tokens, space, publicKeys);
    const parts: Uint8Array[] = [];
    for await (const part of cutter.cut(streamOf(whole.bytes))) parts.push(part);
    const bytes = Buffer.concat(parts);
    leaks.push({ file: `leak-${leaks.length + 1}.pcap`, capture, bytes, frames: await shown(bytes, whole.numbers) });
  }
  return leaks;
}

/** The wanted frames as a pcap file, with their numbers in the capture; null if the capture cannot be read or has none of them. */
async function extract(
  recording: Recording,
  capture: string,
  wanted: ReadonlySet<number>,
): Promise<{ readonly bytes: Uint8Array; readonly numbers: readonly number[] } | null> {
  const records: Uint8Array[] = [];
  const numbers: number[] = [];
  let [number, linkType] = [0, 1];
  try {
    await readCapture(
      recording.bytes(capture),
      (frame) => {
        if (!wanted.has(++number)) return;
        linkType = frame.linkType;
        records.push(recordOf(frame));
        numbers.push(number);
      },
      capture,
    );
  } catch (error) {
    if (!(error instanceof CaptureFormatError)) throw error;
  }
  return records.length === 0 ? null : { bytes: Buffer.concat([headerOf(linkType), ...records]), numbers };
}

function headerOf(linkType: number): Uint8Array {
  const header = Buffer.alloc(FILE_HEADER);
  header.writeUInt32LE(NANOSECONDS, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(MAX_BYTES, 16);
  header.writeUInt32LE(linkType, 20);
  return header;
}

function recordOf({ buffer, start, caplen, len, seconds, nanoseconds }: RawFrame): Uint8Array {
  const kept = Math.min(caplen, MAX_BYTES);
  const record = Buffer.alloc(RECORD_HEADER + kept);
  for (const [index, value] of [seconds, nanoseconds, kept, len].entries()) record.writeUInt32LE(value, index * 4);
  record.set(buffer.subarray(start, start + kept), RECORD_HEADER);
  return record;
}

async function shown(bytes: Uint8Array, numbers: readonly number[]): Promise<LeakFile['frames']> {
  const hex: string[] = [];
  await readCapture(streamOf(bytes), ({ buffer, start, caplen }) => {
    hex.push(Buffer.from(buffer.subarray(start, start + Math.min(caplen, SHOWN_BYTES))).toString('hex'));
  });
  return numbers.map((frame, index) => ({ frame, at: index + 1, hex: hex[index] ?? '' }));
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
