import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';
import type { ClearAccount, ReadBy } from './capture-facts.ts';
import type { EdgeTest } from './edge.ts';
import type { FlowIndex } from './flow-index.ts';
import type { CopyTest } from './inbound-copy.ts';

/** The fields of a frame that an account uses. */
export type ClearFrame = Pick<
  DissectedFrame,
  | 'number'
  | 'flow'
  | 'class'
  | 'layers'
  | 'seconds'
  | 'nanoseconds'
  | 'len'
  | 'outerSrc'
  | 'outerDst'
  | 'src'
  | 'dst'
  | 'protocol'
  | 'sport'
  | 'dport'
  | 'bytes'
  | 'payloadOffset'
  | 'laterFragment'
>;

/** A packet or content that was found in a frame by search, not by decoding headers. */
export interface HiddenContent {
  readonly readBy: Exclude<ReadBy, 'headers'>;
  readonly at: number;
  /** Ends of the packet that was found; those of the frame itself for content. */
  readonly ends: PacketEnds | null;
}

/** The ends of one packet. */
export interface PacketEnds {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly sport: number | null;
  readonly dport: number | null;
}

type Draft = { -readonly [K in keyof ClearAccount]: ClearAccount[K] };

const READ_BY: readonly ReadBy[] = ['headers', 'search', 'border', 'content'];

/** Sums the frames that the claimed encryption does not explain by direction, and notes to which driven flows each belongs. */
export class ClearAccounts {
  readonly #accounts: Draft[] = [];
  readonly #places = new Map<string, number>();
  readonly #shortcut = new FlowShortcut();
  /** Numbers of the lists of flows whose canaries came together; 0 for none. */
  readonly #tags = new Map<readonly string[], number>();
  readonly #index: FlowIndex;
  readonly #isInboundCopy: CopyTest;
  readonly #isAtEdge: EdgeTest;

  constructor(index: FlowIndex, isInboundCopy: CopyTest, isAtEdge: EdgeTest) {
    this.#index = index;
    this.#isInboundCopy = isInboundCopy;
    this.#isAtEdge = isAtEdge;
  }

  /**
   * @param carried flows whose canary is in the frame: more reliable than addresses, which masquerading changes
   * @param found what a search of the frame found; null if its headers are enough
   */
  note(frame: ClearFrame, carried: readonly string[], found: HiddenContent | null): void {
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    const place = this.#placeOf(frame, carried, found, ms);
    if (place < 0) return;
    const account = this.#accounts[place]!;
    account.frames++;
    if (ms > account.lastMs) account.lastMs = ms;
    account.bytes += frame.len;
  }

  /** The account of a frame; -1 for none. All frames of a flow that were read in one way, with one ICMP type, have one. */
  #placeOf(frame: ClearFrame, carried: readonly string[], found: HiddenContent | null, ms: number): number {
    const { flow } = frame;
    if (flow < 0 || found?.ends != null) return this.#open(frame, carried, found, ms);
    const tag = this.#tagOf(carried);
    const word = (tag << 11) | (((icmpTypeOf(frame) ?? -1) + 1) << 2) | READ_BY.indexOf(found?.readBy ?? 'headers');
    const known = this.#shortcut.find(flow, word >>> 0);
    if (known >= 0) return known;
    const place = this.#open(frame, carried, found, ms);
    if (place >= 0 && tag < MAX_TAGS) this.#shortcut.note(flow, word >>> 0, place);
    return place;
  }

  #tagOf(carried: readonly string[]): number {
    if (carried.length === 0) return 0;
    const tag = this.#tags.get(carried) ?? this.#tags.size + 1;
    this.#tags.set(carried, tag);
    return Math.min(tag, MAX_TAGS);
  }

  #open(frame: ClearFrame, carried: readonly string[], found: HiddenContent | null, ms: number): number {
    const ends = found?.ends ?? endsOf(frame);
    if (ends === null) return -1;
    const { src, dst, protocol, sport, dport } = ends;
    const outerSrc = frame.outerSrc ?? src;
    const outerDst = frame.outerDst ?? dst;
    const icmpType = found?.ends == null ? icmpTypeOf(frame) : null;
    const readBy = found?.readBy ?? 'headers';
    const key = `${src} ${dst} ${protocol} ${sport} ${dport} ${icmpType} ${outerSrc} ${outerDst} ${frame.class} ${frame.layers} ${readBy} ${carried.join(',')}`;
    const place = this.#places.get(key) ?? this.#accounts.length;
    if (place < this.#accounts.length) return place;
    const flows = carried.length > 0 ? carried : this.#index.find({ src, dst, protocol, sport, dport, icmpType });
    this.#places.set(key, place);
    this.#accounts.push({
      flows,
      by: carried.length > 0 ? 'canary' : flows.length > 0 ? 'addresses' : 'none',
      src,
      dst,
      protocol,
      sport,
      dport,
      class: frame.class,
      frames: 0,
      bytes: 0,
      firstFrame: frame.number,
      firstMs: ms,
      lastMs: ms,
      layers: frame.layers,
      readBy,
      foundAt: found?.at ?? null,
      outerSrc,
      outerDst,
      inboundCopy: this.#isInboundCopy({ outerSrc, outerDst, src, dst }),
      atEdge: this.#isAtEdge(outerSrc, outerDst),
    });
    return place;
  }

  accounts(): readonly ClearAccount[] {
    return this.#accounts;
  }
}

/** Lists of flows that have a number of their own, which has 21 bits in a word. */
const MAX_TAGS = 2 ** 21 - 1;

function endsOf({ src, dst, protocol, sport, dport }: ClearFrame): PacketEnds | null {
  return src === null || dst === null || protocol === null ? null : { src, dst, protocol, sport, dport };
}

/** The type stands right before the eight header bytes' end; a later fragment has none. */
function icmpTypeOf(frame: ClearFrame): number | null {
  if (frame.laterFragment || !frame.protocol?.startsWith('icmp') || frame.payloadOffset < 8) return null;
  return frame.bytes[frame.payloadOffset - 8] ?? null;
}
