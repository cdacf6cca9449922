import { open, rename, rm } from 'node:fs/promises';
import type { CommandResult, RunningCommand, RunOptions, Shell, StartOptions } from '../../../harness/model/shell.ts';
import { LostConnectionError } from '../../../harness/proc/errors.ts';
import { Gate } from '../../../harness/proc/gate.ts';
import { quoteArgv } from '../../../harness/proc/quote.ts';
import { run, succeeded } from '../../../harness/proc/run.ts';
import { start } from '../../../harness/proc/start.ts';

/** Exit code of ssh when it got no exit status: the connection failed, or the server did not send it. A remote command may end with it too. */
const SSH_FAILED = 255;
/** Exit codes of the commands that ended, a line each: `<id> <code>`. */
const EXITS = '/run/command/exits';
/**
 * Sessions that run a short command at once, over all shells. Many more gain nothing on the guest's one processor, and
 * OpenSSH's multiplexing was seen to lose sessions when some forty were opened and closed together.
 */
const SESSIONS = new Gate(6);
let counter = 0;

/** How to reach the guest. */
export interface SshTarget {
  /** ssh's configuration, with the host `lab`. */
  readonly config: string;
}

/**
 * The guest, or one network namespace of it, as a {@link Shell}. Each command is a child of a small remote shell, which
 * makes a death by signal 128+N and leaves the command's process id for those who must end it: killing ssh here would leave it running there.
 */
export function sshShell(target: SshTarget, name: string, namespace?: string): Shell {
  const ssh = (script: string) => ['ssh', '-F', target.config, '-T', 'lab', script];
  const carry = (argv: readonly string[]) => {
    const id = `${process.pid}-${++counter}`;
    const inside = namespace === undefined ? argv : ['ip', 'netns', 'exec', namespace, ...argv];
    return { id, script: remoteScript(id, quoteArgv(inside)) };
  };
  const signalRemote = async (id: string, signal: 'INT' | 'KILL') => {
    await SESSIONS.pass(() => run(ssh(signalScript(id, signal)), { place: name, timeoutMs: 20_000 }));
  };
  const settle = async (id: string, argv: readonly string[], exitCode: number, stderr: string): Promise<number> => {
    if (exitCode !== SSH_FAILED) return exitCode;
    // dropbear drops the exit status of some sessions when many end at once, of this one too: only what it prints counts.
    const asked = await SESSIONS.pass(() => run(ssh(`echo "<$(sed -n 's/^${id} //p' ${EXITS})>"`), { place: name, timeoutMs: 20_000 }));
    const told = /^<(\d+)>$/m.exec(asked.stdout)?.[1];
    if (told === undefined) throw new LostConnectionError(name, argv, stderr || asked.stderr);
    return Number(told);
  };
  const shell: Shell = {
    name,
    async run(argv, options: RunOptions = {}): Promise<CommandResult> {
      const { id, script } = carry(argv);
      const killRemote = () => {
        signalRemote(id, 'KILL').catch(() => {}); // The caller hears of the limit; the machine may be gone already.
      };
      const result = await SESSIONS.pass(() => run(ssh(script), { ...options, place: name, shownArgv: argv, onKill: killRemote }));
      return { ...result, argv, exitCode: await settle(id, argv, result.exitCode, result.stderr) };
    },
    start(argv, options: StartOptions = {}): Promise<RunningCommand> {
      const { id, script } = carry(argv);
      return start(ssh(script), {
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
        const size = await shell.run(['stat', '-c', '%s', '--', remotePath]);
        succeeded(size, name);
        const copy = await shell.start(argv, { stdoutFile: partial });
        succeeded(await copy.ended, name);
        const handle = await open(partial, 'r');
        const { size: got } = await handle.stat();
        await handle.close();
        if (got !== Number(size.stdout)) throw new Error(`${name}: ${remotePath} has ${size.stdout.trim()} bytes, ${got} arrived`);
        await rename(partial, localPath);
      } finally {
        await rm(partial, { force: true });
      }
    },
  };
  return shell;
}

/** `$$` in a subshell is the parent's id, so the child reads its own from /proc; `exec` keeps it. */
function remoteScript(id: string, command: string): string {
  const own = `/run/command/${id}`;
  return `(read p r </proc/self/stat; echo $p >${own}; exec ${command}); r=$?; rm -f ${own}; echo ${id} $r >>${EXITS}; exit $r`;
}

/** As a terminal's Ctrl-C: the command and all below it. It may have been asked to end before it wrote its id: wait up to 2 s for that. */
function signalScript(id: string, signal: 'INT' | 'KILL'): string {
  const own = `/run/command/${id}`;
  const wait = `n=0; until [ -s ${own} ] || [ $n -gt 100 ]; do n=$((n + 1)); usleep 20000; done`;
  const tree = `tree() { for c in $(cat /proc/$1/task/$1/children); do tree $c; done; echo $1; }`;
  return `${wait}; ${tree}; read p <${own} && kill -${signal} $(tree $p)`;
}
