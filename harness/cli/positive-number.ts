import { ExitError } from '../run/exit-error.ts';

/** The value of a flag. @throws ExitError (usage) naming the flag */
export function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw ExitError.usage(`${flag} ${text}: must be a number above 0`);
  return value;
}
