import type { Shell } from '../model/shell.ts';
import { again } from '../proc/again.ts';
import { runAsBatch } from '../proc/batch.ts';
import { fetchFile } from '../proc/fetch-file.ts';
import { LIMITS_MS } from '../proc/limits.ts';
import { KILL_MARGIN_S, newRemoteId, remoteKillArgv } from '../proc/remote-command.ts';
import { runChild } from '../proc/run.ts';
import { superviseChild } from '../proc/start.ts';
import { execChild } from './exec-child.ts';
import type { ExecPlace } from './exec-connection.ts';
import type { Kube } from './kube.ts';

/**
 * A container as a {@link Shell}, by exec. The container needs `sh`, `cat`, `head`, `mkdir`, `rm`, `stat` and `timeout` there, as in
 * busybox, and a writable /tmp for process ids.
 * @param options.readsOnly commands only read, and not even their process id is written: after their limit they end by themselves
 */
export function podShell(kube: Kube, place: ExecPlace, name = `${place.namespace}/${place.pod}`, { readsOnly = false } = {}): Shell {
  const { config } = kube;
  const signal = async (id: string, what: 'INT' | 'KILL'): Promise<void> => {
    const argv = remoteKillArgv(id, what);
    const options = { place: name, timeoutMs: LIMITS_MS.control };
    await again(() => runChild(argv, options, () => execChild(config, place, { argv, name })));
  };
  const shell: Shell = {
    name,
    run(argv, options = {}) {
      const { timeoutMs, stdin, signal: aborting, idempotent = false } = options;
      const limitMs = timeoutMs ?? (readsOnly ? LIMITS_MS.read : undefined);
      const once = (id = newRemoteId()) =>
        runChild(
          argv,
          {
            ...options,
            place: name,
            onKill: () => {
              if (!readsOnly) signal(id, 'KILL').catch(() => {}); // The caller gets the error of the limit; the pod may already be gone.
            },
          },
          () =>
            execChild(config, place, {
              argv,
              name,
              id,
              ...(stdin === undefined ? {} : { stdin }),
              ...(readsOnly ? { writesNothing: true } : {}),
              ...(limitMs === undefined ? {} : { killAfterSeconds: limitMs / 1000 + KILL_MARGIN_S }),
            }),
        );
      return idempotent ? again(once, aborting) : once();
    },
    runEach: (argvs, options) => runAsBatch(shell, argvs, options),
    start(argv, options = {}) {
      const id = newRemoteId();
      const { stdoutFile } = options;
      return superviseChild(argv, { ...options, place: name, interrupt: (what) => signal(id, what) }, (onOutput) =>
        execChild(config, place, { argv, name, id, onOutput, ...(stdoutFile === undefined ? {} : { stdoutFile }) }),
      );
    },
    fetch: (remotePath, localPath) => fetchFile(shell, remotePath, localPath),
  };
  return shell;
}
