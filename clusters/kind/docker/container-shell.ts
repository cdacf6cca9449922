import type { Shell } from '../../../harness/model/shell.ts';
import { runAsBatch } from '../../../harness/proc/batch.ts';
import { type Child, startChild } from '../../../harness/proc/child.ts';
import { MarkedOutput } from '../../../harness/proc/end-mark.ts';
import { LostConnectionError } from '../../../harness/proc/errors.ts';
import { fetchFile } from '../../../harness/proc/fetch-file.ts';
import { KILL_MARGIN_S, newRemoteId, remoteArgv, remoteKillArgv } from '../../../harness/proc/remote-command.ts';
import { run, runChild } from '../../../harness/proc/run.ts';
import { superviseChild } from '../../../harness/proc/start.ts';

const CONTROL_MS = 15_000;

/** A container as a {@link Shell}, by `docker exec`. @param prefix put before each command, for instance `nsenter …` */
export function containerShell(container: string, name: string, prefix: readonly string[] = []): Shell {
  const exec = (argv: readonly string[]) => ['docker', 'exec', '-i', container, ...argv];
  const signal = async (id: string, what: 'INT' | 'KILL'): Promise<void> => {
    await run(exec(remoteKillArgv(id, what)), { place: name, timeoutMs: CONTROL_MS });
  };
  const shell: Shell = {
    name,
    run(argv, options = {}) {
      const id = newRemoteId();
      const { timeoutMs, stdin } = options;
      const wrapped = remoteArgv({
        id,
        argv: [...prefix, ...argv],
        ...(stdin === undefined ? {} : { stdinBytes: Buffer.byteLength(stdin) }),
        ...(timeoutMs === undefined ? {} : { killAfterSeconds: timeoutMs / 1000 + KILL_MARGIN_S }),
      });
      const onKill = () => {
        signal(id, 'KILL').catch(() => {}); // The caller gets the error of the limit; the container may already be gone.
      };
      const inner = () => marked(startChild(exec(wrapped), { place: name, ...(stdin === undefined ? {} : { stdin }) }), id, name, argv);
      return runChild(argv, { ...options, place: name, onKill }, inner);
    },
    runEach: (argvs, options) => runAsBatch(shell, argvs, options),
    start(argv, options = {}) {
      const id = newRemoteId();
      const { stdoutFile } = options;
      const wrapped = exec(remoteArgv({ id, argv: [...prefix, ...argv], markStdout: stdoutFile === undefined }));
      return superviseChild(argv, { ...options, place: name, interrupt: (what) => signal(id, what) }, (onOutput) => {
        const child = startChild(wrapped, { place: name, onOutput, ...(stdoutFile === undefined ? {} : { stdoutFile }) });
        return marked(child, id, name, argv, stdoutFile === undefined);
      });
    },
    fetch: (remotePath, localPath) => fetchFile(shell, remotePath, localPath),
  };
  return shell;
}

/** `docker exec` ends with an exit code also when the daemon stopped: only the end mark proves that the command ended. */
function marked(child: Child, id: string, name: string, argv: readonly string[], stdoutToo = true): Child {
  const read = (text: string) => {
    const output = new MarkedOutput(id);
    const passed = output.push(Buffer.from(text));
    const { rest, exitCode } = output.end();
    return { text: Buffer.concat([passed, rest]).toString('utf8'), exitCode };
  };
  return {
    ...child,
    stdout: () => (stdoutToo ? read(child.stdout()).text : child.stdout()),
    stderr: () => read(child.stderr()).text,
    ended: child.ended.then(() => {
      const said = read(child.stderr()).exitCode;
      const complete = !stdoutToo || read(child.stdout()).exitCode === said;
      if (said === null || !complete) throw new LostConnectionError(name, argv, child.stderr());
      return said;
    }),
  };
}
