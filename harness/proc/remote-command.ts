import { randomBytes } from 'node:crypto';

/** How a command is wrapped that runs where a lost connection would leave it running. */
export interface RemoteCommand {
  /** From {@link newRemoteId}. */
  readonly id: string;
  readonly argv: readonly string[];
  /** Bytes of standard input that will be sent; absent for none. */
  readonly stdinBytes?: number;
  /** The far side kills it by itself after this long, should nobody be left to do it. */
  readonly killAfterSeconds?: number;
  /** Nothing is written over there, not even a process id: only its own limit can then end it. */
  readonly writesNothing?: boolean;
  /** Default true; false where standard output goes to a file byte for byte, on a connection that shows its own end. */
  readonly markStdout?: boolean;
}

/** Where the far side keeps the process ids of what runs. */
const PIDS = '/tmp/.wirewitness';

/** An id that no other command has, here or from another process. */
export function newRemoteId(): string {
  return `ww-${randomBytes(8).toString('hex')}`;
}

/**
 * The command line for a POSIX shell on the far side (dash, busybox): the command becomes the shell's child, leaves its process id
 * behind, is fed exactly the announced bytes (older servers cannot close standard input), a death by signal becomes 128+N, and both
 * outputs end with the end mark.
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
 * Script for a POSIX shell that runs a command as its child and leaves the child's process id in a file: `$$` in a subshell is the
 * parent's id, so the child reads its own from /proc, and `exec` keeps it.
 */
export function childScript(pidFile: string, command: string): string {
  return `(read p r </proc/self/stat; echo $p >${pidFile}; exec ${command})`;
}

/**
 * Script that signals the command of a {@link childScript} as a terminal's Ctrl-C does: the command first, then all below it, so that it
 * starts nothing in place of a child that goes. It may not have written its id yet: waits up to 2 s for that.
 */
export function signalScript(pidFile: string, signal: 'INT' | 'KILL'): string {
  const wait = `n=0; until [ -s ${pidFile} ] || [ $n -gt 40 ]; do n=$((n + 1)); sleep 0.05; done`;
  // Nothing is started to read the list: it has no line end, for which `read` fails when it has read it.
  const tree = `tree() { echo $1; k=; read -r k </proc/$1/task/$1/children || :; for c in $k; do tree $c; done; }`;
  return `${wait}; ${tree}; read p <${pidFile} && kill -${signal} $(tree $p)`;
}
