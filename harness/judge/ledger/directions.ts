import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';

/** Directions beyond this number share the number of an earlier one, so that one and a 32 bit sequence number are an exact double. */
export const MAX_DIRECTIONS = 2 ** 21;

/** Numbers the directions of conversations: outermost and innermost addresses, and ports. */
export class Directions {
  readonly #numbers = new Map<string, number>();
  readonly #byFlow: (number | undefined)[] = [];

  of(frame: DissectedFrame): number {
    const { flow } = frame;
    const known = flow < 0 ? undefined : this.#byFlow[flow];
    if (known !== undefined) return known;
    const name = `${frame.outerSrc}>${frame.outerDst}|${frame.src}:${frame.sport}>${frame.dst}:${frame.dport}`;
    const number = this.#numbers.get(name) ?? this.#numbers.size % MAX_DIRECTIONS;
    this.#numbers.set(name, number);
    if (flow >= 0) this.#byFlow[flow] = number;
    return number;
  }
}
