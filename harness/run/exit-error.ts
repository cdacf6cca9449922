import { EXIT } from './exit-codes.ts';

/** Ends the command with this exit code and this message, without a stack trace. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }

  static usage(message: string): ExitError {
    return new ExitError(EXIT.usage, message);
  }

  static environment(message: string): ExitError {
    return new ExitError(EXIT.environment, message);
  }
}
