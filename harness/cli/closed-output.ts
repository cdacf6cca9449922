import { reportError } from './report-error.ts';

/**
 * A reader may close the pipe early (`wirewitness --help | head -1`); that is not an error. The rest is not printed, the command continues
 * to its end, and its exit code does not change: a verdict does not depend on who reads it. The
 * same applies to standard error. Any other write error, for instance a full disk, ends the command, because its output is lost.
 */
export function tolerateClosedOutput(output: NodeJS.WritableStream, name: string, end: (exitCode: number) => void = process.exit): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    const named = error.path === undefined ? Object.assign(error, { path: name }) : error;
    end(reportError(named));
  });
}
