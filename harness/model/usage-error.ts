/**
 * What was asked for and cannot be done in this cluster, in one line that names the operand and says what to do. Ends the command with exit
 * code 3, without a stack trace.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
