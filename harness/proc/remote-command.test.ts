import { describe, expect, test } from 'vitest';
import { endMark } from './end-mark.ts';
import { newRemoteId, remoteArgv, remoteKillArgv } from './remote-command.ts';
import { run } from './run.ts';
import { start } from './start.ts';

describe('a wrapped command, in the shell of this machine', () => {
  test('both outputs end with the mark, and the exit code is the command’s', async () => {
    const id = newRemoteId();
    const result = await run(remoteArgv({ id, argv: ['sh', '-c', 'echo out; echo err >&2; exit 7'] }));
    expect(result).toMatchObject({ exitCode: 7, stdout: `out\n${endMark(id, 7)}`, stderr: `err\n${endMark(id, 7)}` });
  });

  test('a command that does not exist gives an exit code, not a lost connection', async () => {
    const id = newRemoteId();
    expect((await run(remoteArgv({ id, argv: ['ww-no-such-program'] }))).stdout).toBe(endMark(id, 127));
  });

  test('it reads the announced bytes and then the end, although standard input stays open', async () => {
    const id = newRemoteId();
    const result = await run(remoteArgv({ id, argv: ['cat'], stdinBytes: 5 }), { stdin: 'bytes and more' });
    expect(result.stdout).toBe(`bytes${endMark(id, 0)}`);
  });

  test('without standard input it reads the end at once', async () => {
    const id = newRemoteId();
    expect((await run(remoteArgv({ id, argv: ['cat'] }), { timeoutMs: 5000 })).stdout).toBe(endMark(id, 0));
  });

  test('it can write no file, and still ends by itself', async () => {
    const id = newRemoteId();
    const [, , script] = remoteArgv({ id, argv: ['true'], writesNothing: true });
    expect(script).not.toMatch(/mkdir|>\/tmp/);
    const result = await run(remoteArgv({ id, argv: ['sh', '-c', 'echo out; exit 7'], writesNothing: true, killAfterSeconds: 5 }));
    expect(result).toMatchObject({ exitCode: 7, stdout: `out\n${endMark(id, 7)}` });
    expect((await run(remoteArgv({ id: newRemoteId(), argv: ['sleep', '30'], writesNothing: true, killAfterSeconds: 1 }))).exitCode).toBe(
      137,
    );
  });

  test('its own limit kills it when nobody else does', async () => {
    const result = await run(remoteArgv({ id: newRemoteId(), argv: ['sleep', '30'], killAfterSeconds: 1 }), { timeoutMs: 10_000 });
    expect(result.exitCode).toBe(137);
  });

  test('the kill reaches children that are started while it looks for them', async () => {
    // The output ends only when the last process that holds it has ended.
    for (let round = 0; round < 5; round++) {
      const id = newRemoteId();
      const forks = 'echo begun; i=0; while [ $i -lt 100 ]; do i=$((i + 1)); sleep 62 & done; wait';
      const running = await start(remoteArgv({ id, argv: ['sh', '-c', forks] }));
      await running.ready(/begun/);
      await run(remoteKillArgv(id, 'KILL'));
      expect(await running.ended).toMatchObject({ exitCode: 137, stdout: `begun\n${endMark(id, 137)}` });
    }
  });

  test('the kill reaches the command and its descendants, and not its wrapper', async () => {
    const id = newRemoteId();
    const running = await start(remoteArgv({ id, argv: ['sh', '-c', 'echo begun; sleep 61 & wait'] }));
    await running.ready(/begun/);
    expect((await run(remoteKillArgv(id, 'KILL'))).exitCode).toBe(0);
    expect(await running.ended).toMatchObject({ exitCode: 137, stdout: `begun\n${endMark(id, 137)}` });
  });
});
