import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** A process on this machine with its three pipes, for servers of tests that run what they are asked to. */
export function localProcess(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcessWithoutNullStreams {
  const [program = '', ...rest] = argv;
  return spawn(program, rest, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
}
