import { FragmentTrain, type Piece } from './fragment-train.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';

/** Most datagrams in fragments that are stored at once; then the oldest is dropped. */
export const MAX_FRAGMENT_TRAINS = 4096;
/** Seconds after which an identification may mean another datagram: the kernel's ipfrag_time. */
export const FRAGMENT_LIFETIME = 30;
/** Most bytes of fragments that are stored at once for reassembly; a datagram beyond them is not reassembled. */
export const MAX_HELD_BYTES = 8 * 1024 * 1024;

/** Stores fragments of datagrams, up to a limit, so that later fragments get the class of their own first fragment. */
export class FragmentTable {
  /** A fragment was seen: what it is may depend on fragments before it. */
  used = false;
  readonly #trains = new Map<string, FragmentTrain>();
  #held = 0;

  /** A later fragment gets the class and innermost flow of its first fragment, or `unknown` while that was not seen. */
  follow(frame: Frame, key: string, piece: Piece): void {
    this.used = true;
    const known = this.#find(key, frame.seconds);
    let train = known;
    if (known === undefined || !known.takes(piece)) {
      train = new FragmentTrain(frame.seconds);
      // A foreign fragment must not change a datagram that still misses fragments.
      if (known === undefined || known.complete) this.#store(key, train);
      train.takes(piece);
    }
    this.#keep(frame, train!, piece);
    const first = train!.first;
    if (first !== null) {
      frame.path = first.path;
      frame.family = first.family;
      frame.words.set(first.words, 8);
      frame.protocolNumber = first.protocol;
      frame.sourcePort = first.sport;
      frame.destinationPort = first.dport;
      frame.finish(first.classCode);
      frame.joined = train!.join();
      return;
    }
    frame.finish(Class.UNKNOWN);
    // Under AH the class is certain without the first fragment.
    if (!frame.authenticated) frame.waiting = train!;
  }

  /** A first fragment has been dissected. Returns the trains whose early later fragments now have a class. */
  announce(frame: Frame): FragmentTrain[] {
    this.used = true;
    const resolved: FragmentTrain[] = [];
    for (const { key, piece } of frame.firstPieces) {
      const known = this.#find(key, frame.seconds);
      // The same frame again, as on a mirror port, is not a new datagram.
      if (known?.first != null && known.repeats(piece)) continue;
      let train = known;
      if (known === undefined || known.first !== null || !known.takes(piece)) {
        train = new FragmentTrain(frame.seconds);
        train.takes(piece);
        this.#store(key, train);
      } else if (known.early.frames > 0) resolved.push(known);
      this.#keep(frame, train!, piece);
      train!.first = {
        classCode: frame.classCode,
        path: frame.path,
        family: frame.family,
        words: frame.words.slice(8),
        protocol: frame.protocolNumber,
        sport: frame.sourcePort,
        dport: frame.destinationPort,
      };
      frame.joined ??= train!.join();
    }
    return resolved;
  }

  #find(key: string, seconds: number): FragmentTrain | undefined {
    const train = this.#trains.get(key);
    if (train === undefined || Math.abs(seconds - train.seconds) <= FRAGMENT_LIFETIME) return train;
    this.#forget(key, train);
    return undefined;
  }

  #store(key: string, train: FragmentTrain): void {
    const before = this.#trains.get(key);
    if (before !== undefined) this.#forget(key, before);
    if (this.#trains.size >= MAX_FRAGMENT_TRAINS) {
      for (const [oldest, old] of this.#trains) {
        this.#forget(oldest, old);
        break;
      }
    }
    this.#trains.set(key, train);
  }

  #forget(key: string, train: FragmentTrain): void {
    this.#trains.delete(key);
    this.#held -= train.heldBytes;
  }

  /** Keep a copy of a readable fragment for reassembly. */
  #keep(frame: Frame, train: FragmentTrain, piece: Piece): void {
    const length = piece.end - piece.start;
    if ((train.first?.classCode ?? frame.classCode) >= Class.ESP || train.holds(piece) || this.#held + length > MAX_HELD_BYTES) return;
    const at = piece.at;
    if (at + length > frame.start + frame.caplen) return;
    train.hold(piece, frame.buffer.slice(at, at + length));
    this.#held += length;
  }
}

/** Key of a datagram: family, addresses, identification, protocol, and whether AH is outside it. */
export function fragmentKey(frame: Frame, identification: number): string {
  const w = frame.words;
  return `${frame.family}${frame.authenticated ? 'a' : ''}:${w[8]}.${w[9]}.${w[10]}.${w[11]}:${w[12]}.${w[13]}.${w[14]}.${w[15]}:${identification}:${frame.protocolNumber}`;
}

/** The current packet of `frame` as a fragment: `offset` bytes into its datagram. */
export function pieceOf(frame: Frame, offset: number, more: boolean): Piece {
  let digest = 0x811c9dc5;
  for (let i = frame.at; i < frame.end; i++) digest = Math.imul(digest ^ frame.buffer[i]!, 0x01000193);
  return { start: offset, end: offset + Math.max(0, frame.limit - frame.at), more, digest: digest >>> 0, at: frame.at };
}
