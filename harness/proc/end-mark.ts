/** The last line of a marked output: control character, id of the command, exit code. No text output begins like that. */
export function endMark(id: string, exitCode: number | string): string {
  return `\x01${id} ${exitCode}\n`;
}

/**
 * Follows an output whose last line must be the {@link endMark} of its command, and passes on everything before it. An output without the
 * mark was cut, even if the connection reports a normal end (kubernetes/kubernetes#124571).
 */
export class MarkedOutput {
  readonly #start: string;
  readonly #longest: number;
  readonly #pattern: RegExp;
  #held: Buffer = Buffer.alloc(0);

  /** @param id of the command; letters, digits and `-` */
  constructor(id: string) {
    this.#start = `\x01${id} `;
    this.#longest = endMark(id, 999).length;
    this.#pattern = new RegExp(`\\x01${id} (\\d{1,3})\\n$`);
  }

  /** What can be passed on now: only a possible beginning of the mark is kept. */
  push(chunk: Buffer): Buffer {
    const all = Buffer.concat([this.#held, chunk]);
    let free = all.indexOf(1, Math.max(0, all.length - this.#longest));
    while (free !== -1 && !this.#mayBegin(all.subarray(free))) free = all.indexOf(1, free + 1);
    if (free === -1) free = all.length;
    this.#held = all.subarray(free);
    return all.subarray(0, free);
  }

  #mayBegin(bytes: Buffer): boolean {
    const text = bytes.toString('latin1');
    return text.startsWith(this.#start) || this.#start.startsWith(text);
  }

  /** The rest of the output, and the exit code of the mark; null when there is none. */
  end(): { readonly rest: Buffer; readonly exitCode: number | null } {
    const match = this.#pattern.exec(this.#held.toString('latin1'));
    if (match === null) return { rest: this.#held, exitCode: null };
    return { rest: this.#held.subarray(0, match.index), exitCode: Number(match[1]) };
  }
}
