/**
 * One signal for the whole run. The first SIGINT, SIGTERM or SIGHUP aborts it, so that everything is taken down in order;
 * the second one ends the process at once.
 */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  readonly #listener = (name: NodeJS.Signals): void => {
    if (this.#controller.signal.aborted) process.exit(130);
    this.#controller.abort(new InterruptedError(name));
  };

  constructor() {
    for (const name of this.#names) process.on(name, this.#listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
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
