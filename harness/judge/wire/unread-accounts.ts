import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import type { FrameClass } from '../../model/ledger.ts';
import type { UnreadAccount } from './capture-facts.ts';

/** Classes of frames that the decoder could not read to the end. */
export const UNREADABLE: ReadonlySet<FrameClass> = new Set(['unknown', 'malformed', 'truncated']);

type Draft = { -readonly [K in keyof UnreadAccount]: UnreadAccount[K] };

/** Sums frames whose content is not known by kind, so that a finding can name EtherType, ends and frame. */
export class UnreadAccounts {
  readonly #accounts = new Map<string, Draft>();
  /** Later fragments that came early, by datagram: their class may be known after the whole capture was read. */
  readonly #waiting = new Map<NonNullable<DissectedFrame['waiting']>, Draft>();

  /** @param early no flow had been driven yet */
  note(frame: DissectedFrame, early: boolean): void {
    const draft = frame.waiting === null ? this.#folded(frame, early) : this.#ofTrain(frame.waiting, frame, early);
    draft.frames++;
    draft.bytes += frame.len;
    draft.early &&= early;
  }

  accounts(): readonly UnreadAccount[] {
    const early = [...this.#waiting].flatMap(([train, draft]) => (train.first === null ? [draft] : []));
    return [...this.#accounts.values(), ...early].sort((a, b) => a.firstFrame - b.firstFrame);
  }

  #folded(frame: DissectedFrame, early: boolean): Draft {
    const { etherType, src, dst, protocol, sport, dport, spi, layers } = frame;
    const key = [frame.class, etherType, src, dst, protocol, sport, dport, spi, layers, early].join(' ');
    const known = this.#accounts.get(key) ?? draftOf(frame, early);
    this.#accounts.set(key, known);
    return known;
  }

  #ofTrain(train: NonNullable<DissectedFrame['waiting']>, frame: DissectedFrame, early: boolean): Draft {
    const known = this.#waiting.get(train) ?? draftOf(frame, early);
    this.#waiting.set(train, known);
    return known;
  }
}

function draftOf(frame: DissectedFrame, early: boolean): Draft {
  const { etherType, src, dst, protocol, sport, dport, spi, layers, laterFragment } = frame;
  return {
    class: frame.class,
    etherType: etherType === null ? null : `0x${etherType.toString(16).padStart(4, '0')}`,
    src,
    dst,
    protocol,
    sport,
    dport,
    spi: spi === null ? null : formatSpi(spi),
    layers,
    laterFragments: laterFragment,
    early,
    frames: 0,
    bytes: 0,
    firstFrame: frame.number,
  };
}
