/**
 * What is missing on this machine or cluster, in one line that says what to do. Ends the command with exit code 4, without a stack trace.
 */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}
