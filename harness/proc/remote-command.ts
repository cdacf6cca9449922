import { randomBytes } from 'node:crypto';

/** How to wrap a remote command that would continue after a lost connection. */
export interface RemoteCommand {
  /** From {@link newRemoteId}. */
  readonly id: string;
  readonly argv: readonly string[];
  /** Bytes of standard input that will be sent; absent for none. */
  readonly stdinBytes?: number;
  /** After this time the remote side kills it, in case the caller cannot. */
  readonly killAfterSeconds?: number;
  /** Nothing is written on the remote side, not even a process id; then only its own time limit can end it. */
  readonly writesNothing?: boolean;
  /** Default true; false where standard output goes to a file byte for byte, on a connection that shows its end. */
  readonly markStdout?: boolean;
}

/**
 * Time after the caller's limit at which the remote side kills a command: it continues there after the end of a connection
 * (kubernetes#89031) or of `docker exec`.
 */
export const KILL_MARGIN_S = 10;

/** Where the remote side keeps the process ids of running commands. */
const PIDS = '/tmp/.wirewitness';

/** An id that no other command of this or any other process has. */
export function newRemoteId(): string {
  return `ww-${randomBytes(8).toString('hex')}`;
}

/**
 * The command line for a POSIX shell on the remote side (dash, busybox): the command runs as the shell's child, its process id is written
 * to a file, it gets exactly the announced bytes as input (older servers cannot close standard input), an end by signal becomes 128+N, and
 * both outputs end with the end mark.
 */
export function remoteArgv({ id, argv, stdinBytes, killAfterSeconds, writesNothing = false, markStdout = true }: RemoteCommand): string[] {
  const limit = killAfterSeconds === undefined ? '' : `timeout -s KILL ${Math.ceil(killAfterSeconds)} `;
  const child = writesNothing ? `${limit}"$@"` : childScript(`${PIDS}/$i`, `${limit}"$@"`);
  const [before, after] = writesNothing ? ['', ''] : [`mkdir -p ${PIDS}; `, `rm -f ${PIDS}/$i; `];
  const fed = stdinBytes === undefined ? `${child} </dev/null` : `head -c ${stdinBytes} | ${child}`;
  const mark = `printf '\\001%s %s\\n' $i $r`;
  const script = `i=$1; shift; ${before}${fed}; r=$?; ${after}${markStdout ? `${mark}; ` : ''}${mark} >&2; exit $r`;
  return ['sh', '-c', script, 'wirewitness', id, ...argv];
}

/** The command line that signals what {@link remoteArgv} runs. */
export function remoteKillArgv(id: string, signal: 'INT' | 'KILL'): string[] {
  return ['sh', '-c', signalScript(`${PIDS}/${id}`, signal)];
}

/**
 * Script for a POSIX shell that runs a command as its child and writes the child's process id to a file: `$$` in a subshell is the parent's
 * id, so the child reads its own from /proc, and `exec` keeps it.
 */
export function childScript(pidFile: string, command: string): string {
  return `(read p r </proc/self/stat; echo $p >${pidFile}; exec ${command})`;
}

/**
 * Script that signals the command of a {@link childScript} like Ctrl-C on a terminal: the command first, then its descendants, so that it
 * starts no replacement for a child that ends. Waits up to 2 s for the process id to be written. Before KILL each process is stopped, and its
 * children are read when it stands still: a child that it started in between would continue.
 */
export function signalScript(pidFile: string, signal: 'INT' | 'KILL'): string {
  const wait = `n=0; until [ -s ${pidFile} ] || [ $n -gt 40 ]; do n=$((n + 1)); sleep 0.05; done`;
  // An ended process has no status, or is a zombie.
  const still = `still() { s=; while read -r f s x; do [ "$f" = State: ] && break; s=; done 2>/dev/null </proc/$1/status; case $s in [TtZX]* | '') ;; *) return 1 ;; esac; }`;
  const halt = `halt() { kill -STOP $1 2>/dev/null; n=0; until still $1 || [ $n -gt 200 ]; do n=$((n + 1)); sleep 0.01; done; }`;
  // Reads the list without starting a process. The list has no line end, so `read` fails after it has read it.
  const tree = `tree() { ${signal === 'KILL' ? 'halt $1; ' : ''}echo $1; k=; read -r k </proc/$1/task/$1/children || :; for c in $k; do tree $c; done; }`;
  const steps = signal === 'KILL' ? [wait, still, halt, tree] : [wait, tree];
  return `${steps.join('; ')}; read p <${pidFile} && kill -${signal} $(tree $p)`;
}
