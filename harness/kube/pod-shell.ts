import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Shell } from '../model/shell.ts';
import { again } from '../proc/again.ts';
import { runAsBatch } from '../proc/batch.ts';
import { LIMITS_MS } from '../proc/limits.ts';
import { newRemoteId, remoteKillArgv } from '../proc/remote-command.ts';
import { runChild, succeeded } from '../proc/run.ts';
import { superviseChild } from '../proc/start.ts';
import { execChild } from './exec-child.ts';
import type { ExecPlace } from './exec-connection.ts';
import type { Kube } from './kube.ts';

/**
 * Time after the caller's limit at which the remote side kills the command: it continues there after a closed connection
 * (kubernetes#89031).
 */
const KILL_MARGIN_S = 10;

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
    async fetch(remotePath, localPath) {
      const partial = `${localPath}.partial`;
      const reading = { idempotent: true };
      try {
        const { stdout: size } = succeeded(await shell.run(['stat', '-c', '%s', '--', remotePath], reading), name);
        const { stdout: sum } = succeeded(await shell.run(['sha256sum', '--', remotePath], reading), name);
        succeeded(await again(async () => (await shell.start(['cat', '--', remotePath], { stdoutFile: partial })).ended), name);
        const { size: got } = await stat(partial);
        if (got !== Number(size)) throw new Error(`${name}: ${remotePath} has ${size.trim()} bytes, only ${got} arrived`);
        const hash = createHash('sha256');
        await pipeline(createReadStream(partial), hash);
        if (hash.digest('hex') !== sum.split(' ')[0]) throw new Error(`${name}: ${remotePath} was changed on the way: its SHA-256 differs`);
        await rename(partial, localPath);
      } finally {
        await rm(partial, { force: true });
      }
    },
  };
  return shell;
}
