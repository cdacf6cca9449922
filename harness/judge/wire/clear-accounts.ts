import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { ClearAccount, ReadBy } from './capture-facts.ts';
import type { EdgeTest } from './edge.ts';
import type { FlowIndex } from './flow-index.ts';
import type { CopyTest } from './inbound-copy.ts';

/** The fields of a frame that an account uses. */
export type ClearFrame = Pick<
  DissectedFrame,
  | 'number'
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

/** Sums the frames that the claimed encryption does not explain by direction, and notes to which driven flows each belongs. */
export class ClearAccounts {
  readonly #accounts = new Map<string, Draft>();
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
    const ends = found?.ends ?? endsOf(frame);
    if (ends === null) return;
    const { src, dst, protocol, sport, dport } = ends;
    const outerSrc = frame.outerSrc ?? src;
    const outerDst = frame.outerDst ?? dst;
    const icmpType = found?.ends == null ? icmpTypeOf(frame) : null;
    const readBy = found?.readBy ?? 'headers';
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    const tag = carried.join(',');
    const key = `${src} ${dst} ${protocol} ${sport} ${dport} ${icmpType} ${outerSrc} ${outerDst} ${frame.class} ${frame.layers} ${readBy} ${tag}`;
    let account = this.#accounts.get(key);
    if (account === undefined) {
      const flows = carried.length > 0 ? carried : this.#index.find({ src, dst, protocol, sport, dport, icmpType });
      account = {
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
      };
      this.#accounts.set(key, account);
    }
    account.frames++;
    if (ms > account.lastMs) account.lastMs = ms;
    account.bytes += frame.len;
  }

  accounts(): readonly ClearAccount[] {
    return [...this.#accounts.values()];
  }
}

function endsOf({ src, dst, protocol, sport, dport }: ClearFrame): PacketEnds | null {
  return src === null || dst === null || protocol === null ? null : { src, dst, protocol, sport, dport };
}

/** The type stands right before the eight header bytes' end; a later fragment has none. */
function icmpTypeOf(frame: ClearFrame): number | null {
  if (frame.laterFragment || !frame.protocol?.startsWith('icmp') || frame.payloadOffset < 8) return null;
  return frame.bytes[frame.payloadOffset - 8] ?? null;
}
