/**
 * A reader that has seen enough (`wirewitness --help | head -1`) closes the pipe; that is no failure of ours. What is left is
 * not printed, the command goes on to its end, and its exit code stays its own: a verdict does not depend on who reads it.
 *
 * @throws on every other error of the stream, as Node.js does without a listener
 */
export function tolerateClosedOutput(output: NodeJS.WritableStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
