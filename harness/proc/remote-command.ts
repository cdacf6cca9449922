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
export function remoteArgv({ id, argv, stdinBytes, killAfterSeconds, markStdout = true }: RemoteCommand): string[] {
  const limit = killAfterSeconds === undefined ? '' : `timeout -s KILL ${Math.ceil(killAfterSeconds)} `;
  // `$$` in a subshell is the parent's id, so the child reads its own from /proc; `exec` keeps it.
  const child = `(read p r </proc/self/stat; echo $p >${PIDS}/$i; exec ${limit}"$@")`;
  const fed = stdinBytes === undefined ? `${child} </dev/null` : `head -c ${stdinBytes} | ${child}`;
  const mark = `printf '\\001%s %s\\n' $i $r`;
  const script = `i=$1; shift; mkdir -p ${PIDS}; ${fed}; r=$?; rm -f ${PIDS}/$i; ${markStdout ? `${mark}; ` : ''}${mark} >&2; exit $r`;
  return ['sh', '-c', script, 'wirewitness', id, ...argv];
}

/** As a terminal's Ctrl-C: signals the command and all below it. It may not have written its id yet: waits up to 2 s for that. */
export function remoteKillArgv(id: string, signal: 'INT' | 'KILL'): string[] {
  const own = `${PIDS}/${id}`;
  const wait = `n=0; until [ -s ${own} ] || [ $n -gt 20 ]; do n=$((n + 1)); sleep 0.1; done`;
  const tree = `tree() { echo $1; for c in $(cat /proc/$1/task/$1/children); do tree $c; done; }`;
  return ['sh', '-c', `${wait}; ${tree}; read p <${own} && kill -${signal} $(tree $p)`];
}
