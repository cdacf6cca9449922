import { run, runOrThrow } from '../../../harness/proc/run.ts';
import { start } from '../../../harness/proc/start.ts';

/**
 * Open the one connection that all shells share. The master ends with the machine: its other end lies in the emulator.
 * @throws CommandFailedError with ssh's own words
 */
export async function openMaster(config: string, signal?: AbortSignal): Promise<{ close(): Promise<void> }> {
  // ssh prints nothing when it is connected, so it runs a command that does, in the session of the connection.
  const master = await start(['ssh', '-F', config, '-M', '-T', 'lab', 'echo connected; exec sleep 2147483647'], {
    place: 'ssh to the lab',
    ...(signal === undefined ? {} : { signal }),
  });
  await master.ready(/^connected$/, 60_000);
  await runOrThrow(['ssh', '-F', config, '-O', 'check', 'lab'], { timeoutMs: 20_000 });
  return {
    async close() {
      await run(['ssh', '-F', config, '-O', 'exit', 'lab'], { timeoutMs: 20_000 });
      await master.ended;
    },
  };
}
