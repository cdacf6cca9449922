import type { Frame } from '../../decode/wire/frame.ts';

/** Key: 16 words of addresses, then class and families, layer path and protocol, ports. */
const KEY_WORDS = 20;
/** Value for a missing port. */
export const NO_PORT = 0xffff_ffff;
/** Families of a packet whose outer and inner header are IPv4, as in the key. */
const BOTH_IPV4 = (4 << 8) | (4 << 16);

/**
 * Open-addressing hash table from a frame's flow to dense indices 0, 1, 2 … in order of first sight. Keys are hashed and compared in the
 * frame itself; for IPv4 pairs only the words that can differ. A known flow costs no allocation.
 */
export class FlowTable {
  size = 0;
  #keys = new Uint32Array(KEY_WORDS * 512);
  #hashes = new Int32Array(512);
  #slots = new Int32Array(2048).fill(-1);

  /** Index of the frame's flow; equal to the former `size` when it is new. The frame has an IP header. */
  intern(frame: Frame): number {
    const kinds = frame.classCode | (frame.family << 8) | (frame.outerFamily << 16);
    const path = (frame.path << 8) | (frame.protocolNumber & 255);
    return this.#find(frame.words, kinds, path, frame.sourcePort >>> 0, frame.destinationPort >>> 0);
  }

  /** The keys in the order of their indices. */
  keys(): Uint32Array {
    return this.#keys.slice(0, this.size * KEY_WORDS);
  }

  /** Index here of the flow at `index` of the keys of another table, whose layer paths have other numbers. */
  internKey(keys: Uint32Array, index: number, paths: readonly number[]): number {
    const base = index * KEY_WORDS;
    const path = (paths[keys[base + 17]! >>> 8]! << 8) | (keys[base + 17]! & 255);
    return this.#find(keys.subarray(base, base + 16), keys[base + 16]!, path, keys[base + 18]!, keys[base + 19]!);
  }

  #find(words: Uint32Array, kinds: number, path: number, sport: number, dport: number): number {
    const short = (kinds & ~255) === BOTH_IPV4;
    const hash = mix(kinds, path, sport, dport, short ? hashIpv4(words) : hashWords(words));
    const slots = this.#slots;
    const hashes = this.#hashes;
    const keys = this.#keys;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = slots[slot]!;
      if (index < 0) return this.#add(slot, hash, words, kinds, path, sport, dport);
      if (hashes[index] !== hash) continue;
      const base = index * KEY_WORDS;
      if (keys[base + 16] !== kinds || keys[base + 17] !== path || keys[base + 18] !== sport || keys[base + 19] !== dport) continue;
      if (short ? sameIpv4(keys, base, words) : sameWords(keys, base, words)) return index;
    }
  }

  /** Word `word` of the key at `index`. */
  word(index: number, word: number): number {
    return this.#keys[index * KEY_WORDS + word]!;
  }

  /** The 16 words of addresses of the key at `index`. */
  addresses(index: number): Uint32Array {
    return this.#keys.subarray(index * KEY_WORDS, index * KEY_WORDS + 16);
  }

  #add(slot: number, hash: number, words: Uint32Array, kinds: number, path: number, sport: number, dport: number): number {
    const index = this.size++;
    if (index === this.#hashes.length) this.#growKeys();
    const base = index * KEY_WORDS;
    const keys = this.#keys;
    keys.set(words, base);
    keys[base + 16] = kinds;
    keys[base + 17] = path;
    keys[base + 18] = sport;
    keys[base + 19] = dport;
    this.#hashes[index] = hash;
    this.#slots[slot] = index;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #growKeys(): void {
    const keys = new Uint32Array(this.#keys.length * 2);
    const hashes = new Int32Array(this.#hashes.length * 2);
    keys.set(this.#keys);
    hashes.set(this.#hashes);
    this.#keys = keys;
    this.#hashes = hashes;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = this.#hashes[index]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.#slots = slots;
  }
}

/** Independent products, which a processor multiplies in parallel; the end mixes their high bits into the low ones. */
function mix(kinds: number, path: number, sport: number, dport: number, addresses: number): number {
  const sum =
    (addresses + Math.imul(kinds, 0x27d4eb2f) + Math.imul(path, 0x165667b1) + Math.imul(sport, 0x9e3779b1) + Math.imul(dport, 0x85ebca77)) |
    0;
  const folded = Math.imul(sum ^ (sum >>> 16), 0xc2b2ae35);
  return folded ^ (folded >>> 15);
}

function hashIpv4(words: Uint32Array): number {
  return (
    (Math.imul(words[0]!, 0x9e3779b1) +
      Math.imul(words[4]!, 0x85ebca6b) +
      Math.imul(words[8]!, 0xc2b2ae3d) +
      Math.imul(words[12]!, 0x27d4eb2d)) |
    0
  );
}

function hashWords(words: Uint32Array): number {
  let h = 0;
  for (let i = 0; i < 16; i++) {
    h = Math.imul(h ^ words[i]!, 0x85ebca6b);
    h ^= h >>> 15;
  }
  return h;
}

function sameIpv4(keys: Uint32Array, base: number, words: Uint32Array): boolean {
  return keys[base] === words[0] && keys[base + 4] === words[4] && keys[base + 8] === words[8] && keys[base + 12] === words[12];
}

function sameWords(keys: Uint32Array, base: number, words: Uint32Array): boolean {
  for (let i = 0; i < 16; i++) if (keys[base + i] !== words[i]) return false;
  return true;
}
