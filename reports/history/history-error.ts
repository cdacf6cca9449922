/** A history that can't be trusted: names the line. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line} of the history: ${problem}`);
    this.line = line;
  }
}
