/** How much a command prints while it works. */
export interface OutputFlags {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Progress lines on standard error, each with the time since this function was called; none with `--quiet`. */
export function progressLines({ quiet = false }: OutputFlags): (line: string) => void {
  const started = performance.now();
  return (line) => {
    if (!quiet) process.stderr.write(`${secondsSince(started).toFixed(1).padStart(6)} s  ${line}\n`);
  };
}

/** Work of a known number of steps: `step 2 of 3, about 20 s: judging`. */
export class Steps {
  readonly #total: number;
  readonly #say: (line: string) => void;
  #number = 0;
  #started = performance.now();

  constructor(total: number, say: (line: string) => void) {
    this.#total = total;
    this.#say = say;
  }

  /**
   * Starts a step and ends the one before.
   * @param timesLast how many times as long as the step before it takes, measured on one machine; absent if the two are not related
   */
  next(what: string, timesLast?: number): void {
    const last = secondsSince(this.#started);
    this.#number++;
    this.#started = performance.now();
    const about = timesLast === undefined || this.#number === 1 ? '' : `, about ${Math.max(1, Math.round(last * timesLast))} s`;
    this.#say(`step ${this.#number} of ${this.#total}${about}: ${what}`);
  }
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
