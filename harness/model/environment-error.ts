/** What this machine or cluster lacks, in one line that says what to do. Ends the command with exit code 4, and no stack is printed. */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}
