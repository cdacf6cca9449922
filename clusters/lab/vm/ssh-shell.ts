import { rename, rm, stat, writeFile } from 'node:fs/promises';
import type { CommandResult, RunningCommand, RunOptions, Shell, StartOptions } from '../../../harness/model/shell.ts';
import { CommandAbortedError, CommandTimeoutError, LostConnectionError } from '../../../harness/proc/errors.ts';
import { quoteArgv } from '../../../harness/proc/quote.ts';
import { childScript, signalScript } from '../../../harness/proc/remote-command.ts';
import { succeeded } from '../../../harness/proc/run.ts';
import { start } from '../../../harness/proc/start.ts';
import type { RemoteShells } from './remote-shells.ts';

/** Exit code of ssh when it got no exit status: the connection failed, or the server did not send it. A remote command may end with it too. */
const SSH_FAILED = 255;
/** Exit codes of the commands that ended, one on each line: `<id> <code>`. */
const EXITS = '/run/command/exits';
let counter = 0;

/** Up to this size a file is fetched over an open shell, as base64: a separate session is slower. */
const SMALL_BYTES = 262_144;
/** Script that says a file's size and, when it is small, its content: so much of it, because a program may still write to its end. */
const smallOrSize = (path: string) =>
  `s=$(stat -c %s -- ${quoteArgv([path])}) && echo $s && { [ $s -gt ${SMALL_BYTES} ] || head -c $s -- ${quoteArgv([path])} | base64; }`;

/** How to reach the guest. */
export interface SshTarget {
  /** ssh's configuration, with the host `lab`. */
  readonly config: string;
  /** Where short commands run: in the guest's root namespace. */
  readonly shells: RemoteShells;
}

/** A network namespace of the guest. */
export interface Inside {
  readonly namespace: string;
  /** Shells that already run in it. Without them each command enters it, which is as slow as starting a small program. */
  readonly shells?: RemoteShells;
}

/** The command line that starts a shell in the guest, or in one of its network namespaces. */
export function guestShell(config: string, namespace?: string): string[] {
  return ['ssh', '-F', config, '-T', 'lab', namespace === undefined ? 'dash' : `exec ${inNamespace(namespace, ['dash'])}`];
}

/**
 * The guest, or one network namespace of it, as a {@link Shell}. Each command is a child of a small remote shell, which reports an end by
 * signal as 128+N and stores the command's process id so that it can be ended: killing ssh here would not end it there.
 */
export function sshShell(target: SshTarget, name: string, place?: Inside): Shell {
  const ssh = (script: string) => ['ssh', '-F', target.config, '-T', 'lab', script];
  const inside = (argv: readonly string[]) => (place === undefined ? quoteArgv(argv) : inNamespace(place.namespace, argv));
  const { shells, command } =
    place?.shells === undefined ? { shells: target.shells, command: inside } : { shells: place.shells, command: quoteArgv };
  const newId = () => `${process.pid}-${++counter}`;
  const signalRemote = async (id: string, signal: 'INT' | 'KILL') => {
    await target.shells.control(newId(), signalScript(pidFile(id), signal));
  };
  const settle = async (id: string, argv: readonly string[], exitCode: number, stderr: string): Promise<number> => {
    if (exitCode !== SSH_FAILED) return exitCode;
    // dropbear loses the exit status of some sessions when many end at once; the command has stored it in the guest.
    const asked = await target.shells.run(newId(), `sed -n 's/^${id} //p' ${EXITS}`).catch(() => null);
    if (asked === null || !/^\d+\n$/.test(asked.stdout)) throw new LostConnectionError(name, argv, stderr);
    return Number(asked.stdout);
  };
  const shell: Shell = {
    name,
    async run(argv, options: RunOptions = {}): Promise<CommandResult> {
      const { timeoutMs, signal } = options;
      if (signal?.aborted) throw new CommandAbortedError(name, argv, signal.reason);
      const id = newId();
      const outcome = shells.run(id, childScript(pidFile(id), command(argv)), options.stdin).catch((error: Error) => {
        throw new LostConnectionError(name, argv, error.message);
      });
      const { promise: stopped, reject } = Promise.withResolvers<never>();
      const stop = (error: Error) => {
        signalRemote(id, 'KILL').catch(() => {}); // The caller gets the error of the limit; the machine may already be gone.
        reject(error);
      };
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => stop(new CommandTimeoutError(name, argv, timeoutMs, '')), timeoutMs);
      const onAbort = () => stop(new CommandAbortedError(name, argv, signal?.reason));
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return { argv, ...(await Promise.race([outcome, stopped])) };
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        outcome.catch(() => {}); // After a limit nobody waits for it any more.
      }
    },
    start(argv, options: StartOptions = {}): Promise<RunningCommand> {
      const id = newId();
      return start(ssh(sessionScript(id, inside(argv))), {
        ...options,
        place: name,
        shownArgv: argv,
        interrupt: (signal) => signalRemote(id, signal),
        settle: (exitCode, stderr) => settle(id, argv, exitCode, stderr),
      });
    },
    async fetch(remotePath, localPath) {
      const argv = ['cat', '--', remotePath];
      const partial = `${localPath}.partial`;
      try {
        const outcome = await target.shells.run(newId(), smallOrSize(remotePath)).catch((error: Error) => {
          throw new LostConnectionError(name, argv, error.message);
        });
        const asked = succeeded({ argv, ...outcome }, name).stdout;
        const line = asked.indexOf('\n');
        const size = Number(asked.slice(0, line));
        if (size <= SMALL_BYTES) await writeFile(partial, Buffer.from(asked.slice(line + 1), 'base64'));
        else succeeded(await (await shell.start(['head', '-c', String(size), '--', remotePath], { stdoutFile: partial })).ended, name);
        const { size: got } = await stat(partial);
        if (got !== size) throw new Error(`${name}: ${remotePath} has ${size} bytes, ${got} arrived`);
        await rename(partial, localPath);
      } finally {
        await rm(partial, { force: true });
      }
    },
  };
  return shell;
}

/** Where the guest keeps the process id of a command. */
function pidFile(id: string): string {
  return `/run/command/${id}`;
}

/** For a separate session: stores the exit code, because the session may lose it. */
function sessionScript(id: string, command: string): string {
  return `${childScript(pidFile(id), command)}; r=$?; : >${pidFile(id)}; echo ${id} $r >>${EXITS}; exit $r`;
}

/**
 * Enters only a network namespace: `ip netns exec` also remounts /sys and takes four times as long to start here. busybox would run its own
 * `ip` and `ping` for those names, so the program is named by its path.
 */
function inNamespace(namespace: string, argv: readonly string[]): string {
  const [program = '', ...rest] = argv;
  const path = `"$(command -v ${quoteArgv([program])} || echo ${quoteArgv([program])})"`;
  return `busybox nsenter --net=/run/netns/${namespace} ${[path, ...rest.map((word) => quoteArgv([word]))].join(' ')}`;
}
