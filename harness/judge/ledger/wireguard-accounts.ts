import { formatAddress } from '../../decode/wire/address.ts';
import type { Frame } from '../../decode/wire/frame.ts';
import { WIREGUARD_TYPES } from '../../decode/wire/wireguard.ts';
import type { WireguardAccount } from '../../model/ledger.ts';
import { FlowShortcut } from './flow-shortcut.ts';
import { WordTable } from './word-table.ts';

/** Words of a key: two addresses, message type, family, ports. */
const WORDS = 11;

/** The accounts of WireGuard messages of a part of a capture: plain data. */
export interface WireguardOfPart {
  readonly keys: Uint32Array;
  readonly frames: readonly number[];
  readonly bytes: readonly number[];
}

/** Accounts of WireGuard messages by endpoint pair with ports and message type. Later fragments carry no type: their bytes are in the first one's. */
export class WireguardAccounts {
  readonly #table = new WordTable(WORDS);
  readonly #shortcut = new FlowShortcut();
  readonly #frames: number[] = [];
  readonly #bytes: number[] = [];

  /** @param flow index of the frame's flow. */
  note(frame: Frame, flow: number): void {
    let index = this.#shortcut.find(flow, frame.messageType);
    if (index < 0) {
      index = this.#open(frame);
      this.#shortcut.note(flow, frame.messageType, index);
    }
    this.#frames[index]! += 1;
    this.#bytes[index]! += frame.datagramLength;
  }

  #open(frame: Frame): number {
    const key = this.#table.key;
    for (let i = 0; i < 8; i++) key[i] = frame.words[8 + i]!;
    key[8] = frame.messageType;
    key[9] = frame.family;
    key[10] = (frame.sourcePort << 16) | frame.destinationPort;
    return this.#intern();
  }

  ofPart(): WireguardOfPart {
    return { keys: this.#table.keys(), frames: this.#frames, bytes: this.#bytes };
  }

  /** Add those of the next part of the capture. */
  addPart({ keys, frames, bytes }: WireguardOfPart): void {
    for (const [place, count] of frames.entries()) {
      this.#table.key.set(keys.subarray(place * WORDS, (place + 1) * WORDS));
      const index = this.#intern();
      this.#frames[index]! += count;
      this.#bytes[index]! += bytes[place]!;
    }
  }

  #intern(): number {
    const index = this.#table.intern();
    if (index === this.#frames.length) {
      this.#frames.push(0);
      this.#bytes.push(0);
    }
    return index;
  }

  accounts(): WireguardAccount[] {
    return this.#frames.map((frames, index) => {
      const words = this.#table.words(index, 0, 8);
      const family = this.#table.word(index, 9);
      const type = WIREGUARD_TYPES[this.#table.word(index, 8)]!;
      const ports = this.#table.word(index, 10);
      return {
        src: formatAddress(family, words, 0),
        dst: formatAddress(family, words, 4),
        sport: ports >>> 16,
        dport: ports & 0xffff,
        type,
        frames,
        bytes: this.#bytes[index]!,
      };
    });
  }
}
