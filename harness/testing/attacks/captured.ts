import type { RecordingDraft } from './draft.ts';
import type { CapturedFrame } from './frames.ts';

/** The capture of the tap between the nodes in the judged phase. */
export const TAP = { phase: 'encrypted', vantage: 'wire' } as const;

/** Protocol of a frame's outermost IPv4 header; 0 for what is none. */
export function outerProtocol({ bytes }: CapturedFrame): number {
  return bytes[12] === 8 && bytes[13] === 0 ? (bytes[23] ?? 0) : 0;
}

function portOf({ bytes }: CapturedFrame): number {
  return ((bytes[36] ?? 0) << 8) | (bytes[37] ?? 0);
}

/** Whether a frame is what carries pods of this recording: ESP, the tunnel, or WireGuard. */
export function isCarrier(frame: CapturedFrame): boolean {
  const protocol = outerProtocol(frame);
  return protocol === 50 || (protocol === 17 && (portOf(frame) === 8472 || portOf(frame) === 51_871));
}

/** Whether a frame is a beacon of a recording. */
export function isBeacon({ bytes }: CapturedFrame): boolean {
  return Buffer.from(bytes).includes('wirewitness-beacon');
}

/** Keep the beacons of these captures, and of the other frames those for which `holds` is true. */
export function keepFrames(
  draft: RecordingDraft,
  choice: Parameters<RecordingDraft['frames']>[0],
  holds: (frame: CapturedFrame, at: number, all: readonly CapturedFrame[]) => boolean,
): void {
  draft.frames(choice, (frames) => frames.filter((frame, at, all) => isBeacon(frame) || holds(frame, at, all)));
}
