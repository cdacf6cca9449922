import { oneLine } from '../printable.ts';

/** A history that can't be trusted: names the line, in one line of text whatever the history says. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(oneLine(`line ${line} of the history: ${problem}`));
    this.line = line;
  }
}
