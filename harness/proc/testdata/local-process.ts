import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export type LocalProcess = ChildProcessWithoutNullStreams;

/** A process on this machine with its three pipes, in its own group, for test servers that run the requested commands. */
export function localProcess(argv: readonly string[], env: Readonly<Record<string, string>>): LocalProcess {
  const [program = '', ...rest] = argv;
  return spawn(program, rest, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
}

/** End a process with all that it started. */
export function endProcess({ pid }: LocalProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
