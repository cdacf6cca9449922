import { type LocalRunningCommand, type LocalStartOptions, start } from './start.ts';

/** A command whose standard input is a pipe that only this process holds open. */
export interface HeldCommand extends LocalRunningCommand {
  /** Close the pipe: the command reads end of file, as it also does when this process is killed. */
  release(): void;
}

/** Start a command that must end together with this process, even after SIGKILL: it must watch its standard input. */
export async function startHeld(argv: readonly string[], options: LocalStartOptions = {}): Promise<HeldCommand> {
  let release = () => {};
  const running = await start(argv, {
    ...options,
    holdStdin: (close) => {
      release = close;
    },
  });
  return { ...running, release: () => release() };
}
