import { formatAddress } from '../../decode/wire/address.ts';
import type { Frame } from '../../decode/wire/frame.ts';
import { WIREGUARD_TYPES } from '../../decode/wire/wireguard.ts';
import type { WireguardAccount } from '../../model/ledger.ts';
import { WordTable } from './word-table.ts';

/** Accounts of WireGuard messages by endpoint pair and message type. Later fragments carry no type and are not in. */
export class WireguardBook {
  readonly #table = new WordTable(10);
  readonly #frames: number[] = [];

  note(frame: Frame): void {
    const key = this.#table.key;
    for (let i = 0; i < 8; i++) key[i] = frame.words[8 + i]!;
    key[8] = frame.messageType;
    key[9] = frame.family;
    const index = this.#table.intern();
    this.#frames[index] = (this.#frames[index] ?? 0) + 1;
  }

  accounts(): WireguardAccount[] {
    return this.#frames.map((frames, index) => {
      const words = this.#table.words(index, 0, 8);
      const family = this.#table.word(index, 9);
      const type = WIREGUARD_TYPES[this.#table.word(index, 8)]!;
      return { src: formatAddress(family, words, 0), dst: formatAddress(family, words, 4), type, frames };
    });
  }
}
