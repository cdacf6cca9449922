/**
 * One signal for the whole run. The first SIGINT, SIGTERM or SIGHUP aborts it, so that everything is removed in order; the second one ends
 * the process at once. A step that the user may end early receives the first SIGINT instead. Each is confirmed: on a slow cluster the end
 * takes minutes, and a user who sees nothing would send a second one, which leaves what was created.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  #early: (() => void) | undefined;
  readonly #names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  readonly #listener = (name: NodeJS.Signals): void => {
    const end = this.#early;
    if (name === 'SIGINT' && end !== undefined && !this.#controller.signal.aborted) {
      this.#early = undefined;
      this.#say('Ctrl-C: ending early, what was recorded is judged; another one ends the run');
      end();
      return;
    }
    if (this.#controller.signal.aborted) process.exit(130);
    this.#say(`${name}: the run ends, and what it created is removed; another signal ends it at once and leaves that`);
    this.#controller.abort(new InterruptedError(name));
  };
  readonly #say: (line: string) => void;

  /** @param say tells the user that a signal was received */
  constructor(say: (line: string) => void = () => {}) {
    this.#say = say;
    for (const name of this.#names) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Until disposed, the first SIGINT calls `end` and does not interrupt the run. */
  endsEarly(end: () => void): Disposable {
    this.#early = end;
    return {
      [Symbol.dispose]: () => {
        if (this.#early === end) this.#early = undefined;
      },
    };
  }

  [Symbol.dispose](): void {
    for (const name of this.#names) process.off(name, this.#listener);
  }
}

/** The run was interrupted by a signal. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor(signal: string) {
    super(`interrupted by ${signal}`);
  }
}
