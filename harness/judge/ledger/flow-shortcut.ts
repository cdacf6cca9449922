const PLACES = 4096;

/**
 * Remembers the last account of a flow, by flow and one word (an SPI, a message type): a direct-mapped cache in front of a `WordTable`. A
 * flow's index is used in place of its addresses, so that they need not be hashed again.
 */
export class FlowShortcut {
  readonly #flows = new Int32Array(PLACES).fill(-1);
  readonly #words = new Uint32Array(PLACES);
  readonly #accounts = new Int32Array(PLACES);

  /** The account noted for this flow and word, or -1. */
  find(flow: number, word: number): number {
    const place = placeOf(flow, word);
    return this.#flows[place] === flow && this.#words[place] === word ? this.#accounts[place]! : -1;
  }

  note(flow: number, word: number, account: number): void {
    const place = placeOf(flow, word);
    this.#flows[place] = flow;
    this.#words[place] = word;
    this.#accounts[place] = account;
  }
}

function placeOf(flow: number, word: number): number {
  return (flow ^ (Math.imul(word, 0x9e3779b1) >>> 20)) & (PLACES - 1);
}
