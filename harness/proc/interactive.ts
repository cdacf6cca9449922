import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CommandNotStartedError } from './errors.ts';

/** Run a program on this terminal; it gets keyboard input and writes to the screen. Resolves with its exit code, 128+N for signal N. */
export function runInteractive(argv: readonly string[]): Promise<number> {
  const [file, ...args] = argv;
  if (file === undefined) throw new RangeError('an empty command line');
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'inherit' });
    // Ctrl-C goes to the program, which uses the same terminal; this process continues, to report how the program ended.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const over = (settle: () => void) => {
      process.off('SIGINT', ignore);
      settle();
    };
    child.once('error', (error) => over(() => reject(new CommandNotStartedError('terminal', argv, error))));
    child.once('exit', (code, signal) => over(() => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))));
  });
}
