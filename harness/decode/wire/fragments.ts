import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';

/** Datagrams in fragments that are remembered at once; beyond it the oldest is forgotten. */
export const MAX_FRAGMENT_TRAINS = 4096;
/** Seconds after which an identification may mean another datagram: the kernel's ipfrag_time. */
export const FRAGMENT_LIFETIME = 30;

/** What is known of one datagram in fragments. */
export interface FragmentTrain {
  readonly seconds: number;
  /** Null until the first fragment has been seen. */
  first: { classCode: Class; path: number; family: number; words: Uint32Array; protocol: number; sport: number; dport: number } | null;
  /** Later fragments that came before the first: an account moves them when it comes. */
  orphans: { frames: number; bytes: number; flow: number };
}

/** Remembers first fragments, with a bound, so that later ones take their class. */
export class FragmentTable {
  readonly #trains = new Map<string, FragmentTrain>();

  /** The train of a key, if it is not too old to be the same datagram. */
  #find(key: string, seconds: number): FragmentTrain | undefined {
    const train = this.#trains.get(key);
    if (train === undefined) return undefined;
    if (Math.abs(seconds - train.seconds) <= FRAGMENT_LIFETIME) return train;
    this.#trains.delete(key);
    return undefined;
  }

  #store(key: string, train: FragmentTrain): void {
    this.#trains.delete(key);
    if (this.#trains.size >= MAX_FRAGMENT_TRAINS) {
      for (const oldest of this.#trains.keys()) {
        this.#trains.delete(oldest);
        break;
      }
    }
    this.#trains.set(key, train);
  }

  /** A later fragment: give it its first one's class and innermost flow, or `unknown` while that was not seen. */
  follow(frame: Frame, key: string): void {
    const train = this.#find(key, frame.seconds);
    const first = train?.first;
    if (first) {
      frame.path = first.path;
      frame.family = first.family;
      frame.words.set(first.words, 8);
      frame.protocolNumber = first.protocol;
      frame.sourcePort = first.sport;
      frame.destinationPort = first.dport;
      frame.finish(first.classCode);
      return;
    }
    frame.finish(Class.UNKNOWN);
    // Under AH the class is certain without the first fragment.
    if (frame.authenticated) return;
    if (train) frame.waiting = train;
    else {
      frame.waiting = { seconds: frame.seconds, first: null, orphans: { frames: 0, bytes: 0, flow: -1 } };
      this.#store(key, frame.waiting);
    }
  }

  /** A first fragment has been dissected. Returns the trains whose early later fragments now have a class. */
  announce(frame: Frame): FragmentTrain[] {
    const adopted: FragmentTrain[] = [];
    for (const key of frame.fragmentKeys) {
      const waiting = this.#find(key, frame.seconds);
      if (waiting && waiting.first === null && waiting.orphans.frames > 0) adopted.push(waiting);
      this.#store(key, {
        seconds: frame.seconds,
        first: {
          classCode: frame.classCode,
          path: frame.path,
          family: frame.family,
          words: frame.words.slice(8),
          protocol: frame.protocolNumber,
          sport: frame.sourcePort,
          dport: frame.destinationPort,
        },
        orphans: { frames: 0, bytes: 0, flow: -1 },
      });
    }
    return adopted;
  }
}

/** Key of a datagram: family, addresses, identification, protocol, and whether AH was met outside of it. */
export function fragmentKey(frame: Frame, identification: number): string {
  const w = frame.words;
  return `${frame.family}${frame.authenticated ? 'a' : ''}:${w[8]}.${w[9]}.${w[10]}.${w[11]}:${w[12]}.${w[13]}.${w[14]}.${w[15]}:${identification}:${frame.protocolNumber}`;
}
