export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** Milliseconds after which the command is killed and the call rejects. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** It only reads, so it may be repeated when the connection is lost. */
  readonly idempotent?: boolean;
}

export interface CommandResult {
  readonly argv: readonly string[];
  /** Non-zero is a result, not an error. 128+N where signal N ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly signal?: AbortSignal;
  /** Write standard output to this local file, byte for byte, instead of keeping it. */
  readonly stdoutFile?: string;
}

/** A command that runs until it is stopped. */
export interface RunningCommand {
  /** Resolves with the first line of stderr or stdout that matches; rejects when the command ends or the time limit is reached first. */
  ready(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** SIGINT, then the result with everything it printed. Safe to call twice. */
  stop(): Promise<CommandResult>;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<CommandResult>;
}

/** A way to run commands somewhere. A lost connection rejects; a non-zero exit does not. */
export interface Shell {
  /** For messages: `node1`, `node1/agent`, `wire`. */
  readonly name: string;
  run(argv: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /**
   * Readings by one start over there, where each start costs much: the answers in the order of the questions, null where none came whole,
   * which may be asked for again. Absent where a command by itself costs little.
   */
  runEach?(
    argvs: readonly (readonly string[])[],
    options?: Pick<RunOptions, 'timeoutMs' | 'signal'>,
  ): Promise<readonly (CommandResult | null)[]>;
  start(argv: readonly string[], options?: StartOptions): Promise<RunningCommand>;
  /** Copy a remote file to a local one, byte for byte. */
  fetch(remotePath: string, localPath: string): Promise<void>;
}
