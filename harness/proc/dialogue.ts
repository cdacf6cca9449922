import { spawn } from 'node:child_process';
import { forgetGroup, rememberGroup } from './groups.ts';

/** A running program with text as input and bytes as output. */
export interface Dialogue {
  write(text: string): void;
  /** Close its standard input. */
  close(): void;
}

/**
 * Start a program in its own process group and keep both pipes open.
 * @param onData each piece of its standard output as it comes
 * @param onEnd once, when it has ended or could not be started, with its standard error
 */
export function startDialogue(argv: readonly string[], onData: (bytes: Buffer) => void, onEnd: (stderr: string) => void): Dialogue {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const { pid } = child;
  if (pid !== undefined) rememberGroup(pid);
  let stderr = '';
  let over = false;
  const end = (said: string): void => {
    if (over) return;
    over = true;
    if (pid !== undefined) forgetGroup(pid);
    onEnd(said);
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString('utf8');
  });
  child.on('error', (error) => end(error.message));
  child.on('close', () => end(stderr));
  // The program may end during a write; `close` then reports it with the program's message.
  child.stdin.on('error', (error) => {
    stderr += `${error.message}\n`;
  });
  return {
    write: (text) => {
      child.stdin.write(text);
    },
    close: () => {
      child.stdin.end();
    },
  };
}
