import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { type AddressSpace, findPacket } from '../../decode/wire/packet-search.ts';
import { Directions } from '../ledger/directions.ts';
import { MAX_BORDERS, SegmentBorders } from '../ledger/segment-borders.ts';
import type { HiddenContent } from './clear-accounts.ts';
import { packetEnds } from './hidden-packet.ts';

/** One byte less than the longest IPv4 header: the most that can be on one side of a border. */
const KEEP = 59;
/** Lengths of the header that an unknown tunnel may put before each part; 0 for a stream. */
const HEADERS = [0, 4, 8, 12, 16] as const;

/**
 * Looks for a packet between two pods whose header is split over two TCP segments, or over two consecutive datagrams of one conversation,
 * each of which may begin with a short header. Keeps the borders of the last {@link MAX_BORDERS} segments and conversations.
 */
export class SplitPackets {
  readonly #space: AddressSpace;
  readonly #borders = new SegmentBorders(KEEP);
  readonly #tails = new Map<number, Uint8Array>();
  readonly #directions = new Directions();

  constructor(space: AddressSpace) {
    this.#space = space;
  }

  /** Note a frame. Returns the packet that it completes, or null. Call it for each frame, in the order of the capture. */
  note(frame: DissectedFrame): HiddenContent | null {
    const { tcpSequence, laterFragment, payloadLength, protocol } = frame;
    if (laterFragment || payloadLength === 0) return null;
    if (tcpSequence === null) return protocol === 'udp' ? this.#inDatagrams(this.#directions.of(frame), frame) : null;
    let found: HiddenContent | null = null;
    this.#borders.join(this.#directions.of(frame), tcpSequence, frame.payload, (joint, border) => {
      found ??= this.#across(joint, border, frame);
    });
    return found;
  }

  #inDatagrams(direction: number, frame: DissectedFrame): HiddenContent | null {
    const { payload } = frame;
    const tail = this.#tails.get(direction);
    this.#tails.delete(direction);
    if (this.#tails.size >= MAX_BORDERS) for (const oldest of this.#tails.keys()) if (this.#tails.delete(oldest)) break;
    this.#tails.set(direction, payload.slice(-KEEP));
    if (tail === undefined) return null;
    for (const header of HEADERS) {
      const head = payload.subarray(header, header + KEEP);
      const found = this.#across(Buffer.concat([tail, head]), tail.length, frame);
      if (found !== null) return found;
    }
    return null;
  }

  /** A header that begins before the border and ends behind it. A header on one side is found in its own frame. */
  #across(joint: Uint8Array, border: number, { payloadOffset }: DissectedFrame): HiddenContent | null {
    const found = findPacket(joint, 0, joint.length, this.#space);
    if (found === null || found.at >= border || found.at + found.header <= border) return null;
    return { readBy: 'border', at: payloadOffset, ends: packetEnds(joint, found) };
  }
}
