import { reportError } from './report-error.ts';

/**
 * A reader that has seen enough (`wirewitness --help | head -1`) closes the pipe; that is no failure of ours. What is left is
 * not printed, the command goes on to its end, and its exit code stays its own: a verdict does not depend on who reads it.
 * The same holds for the progress on standard error. An output that takes no more, for instance on a full disk, ends the command: what was to be printed is lost.
 */
export function tolerateClosedOutput(output: NodeJS.WritableStream, name: string, end: (exitCode: number) => void = process.exit): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const named = error.path === undefined ? Object.assign(error, { path: name }) : error;
    end(reportError(named));
  });
}
