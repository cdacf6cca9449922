import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { ClearAccount } from './capture-facts.ts';
import type { FlowIndex } from './flow-index.ts';

type Draft = { -readonly [K in keyof ClearAccount]: ClearAccount[K] };

/** Folds readable frames by direction, and says to which driven flows each belongs. */
export class ClearBook {
  readonly #accounts = new Map<string, Draft>();
  readonly #index: FlowIndex;
  readonly #isInboundCopy: (outerSrc: string, src: string) => boolean;

  constructor(index: FlowIndex, isInboundCopy: (outerSrc: string, src: string) => boolean) {
    this.#index = index;
    this.#isInboundCopy = isInboundCopy;
  }

  /** @param carried flows whose canary is in the frame: surer than addresses, which a masquerade changes */
  note(frame: DissectedFrame, carried: readonly string[]): void {
    const { src, dst, protocol, outerSrc, outerDst } = frame;
    if (src === null || dst === null || protocol === null || outerSrc === null || outerDst === null) return;
    const icmpType = icmpTypeOf(frame);
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    const tag = carried.join(',');
    const key = `${src} ${dst} ${protocol} ${frame.sport} ${frame.dport} ${icmpType} ${outerSrc} ${outerDst} ${frame.class} ${frame.layers} ${tag}`;
    let account = this.#accounts.get(key);
    if (account === undefined) {
      const flows =
        carried.length > 0 ? carried : this.#index.find({ src, dst, protocol, sport: frame.sport, dport: frame.dport, icmpType });
      account = {
        flows,
        by: carried.length > 0 ? 'canary' : flows.length > 0 ? 'addresses' : 'none',
        src,
        dst,
        protocol,
        sport: frame.sport,
        dport: frame.dport,
        class: frame.class,
        frames: 0,
        bytes: 0,
        firstFrame: frame.number,
        firstMs: ms,
        lastMs: ms,
        layers: frame.layers,
        outerSrc,
        outerDst,
        inboundCopy: this.#isInboundCopy(outerSrc, src),
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

/** The type stands right before the eight header bytes' end; a later fragment has none. */
function icmpTypeOf(frame: DissectedFrame): number | null {
  if (frame.laterFragment || !frame.protocol?.startsWith('icmp') || frame.payloadOffset < 8) return null;
  return frame.bytes[frame.payloadOffset - 8] ?? null;
}
