import { oneLine } from '../printable.ts';

/** A history is not valid. Names the line; the message is always one line of text. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(oneLine(`line ${line} of the history: ${problem}`));
    this.line = line;
  }
}
