import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LostConnectionError } from '../proc/errors.ts';
import { shellContract } from '../proc/shell-contract.ts';
import { type Kube, openKube } from './kube.ts';
import { podShell } from './pod-shell.ts';
import { type ApiServer, type ExecFate, startApiServer } from './testdata/api-server.ts';

const PLACE = { namespace: 'x', pod: 'p', container: 'c' };

let folder: string;
let server: ApiServer;
let kube: Kube;

/** What happens to the next execs whose command line contains a text. */
const fates: { readonly of: string; take(): ExecFate | undefined }[] = [];
function next(of: string, ...fate: ExecFate[]): void {
  fates.push({ of, take: () => fate.shift() });
}
afterEach(() => {
  fates.length = 0;
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ww-pod-shell-'));
  server = await startApiServer({ objects: [], fate: ({ argv }) => fates.find(({ of }) => argv.join(' ').includes(of))?.take() ?? {} });
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig);
  kube = await openKube({ kubeconfig });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('a container by exec, over a websocket of an API server', () => {
  for (const { title, verify } of shellContract) test(title, () => verify(podShell(kube, PLACE)));
});

describe('exec that fails', () => {
  const shell = () => podShell(kube, PLACE);
  const reading = { idempotent: true, timeoutMs: 20_000 };

  test('delayed: it takes longer and is complete', async () => {
    next('echo late', { delayMs: 700 });
    expect(await shell().run(['echo', 'late'], reading)).toMatchObject({ stdout: 'late\n', exitCode: 0 });
  });

  test('delayed beyond its limit: the caller gets the error of the limit', async () => {
    next('echo later', { delayMs: 3000 });
    await expect(shell().run(['echo', 'later'], { timeoutMs: 300 })).rejects.toThrow(/limit of 300 ms/);
  });

  test('cut twice: a reading is repeated, and is complete', async () => {
    next('sleep 0.3; echo whole', { cutAfterMs: 100 }, { cutAfterMs: 100 });
    expect(await shell().run(['sh', '-c', 'sleep 0.3; echo whole'], reading)).toMatchObject({ stdout: 'whole\n' });
  });

  test('cut: a command that may change something is never repeated', async () => {
    next('sleep 30; echo once', { cutAfterMs: 100 });
    const before = server.executed.length;
    await expect(shell().run(['sh', '-c', 'sleep 30; echo once'])).rejects.toBeInstanceOf(LostConnectionError);
    expect(server.executed.length - before).toBe(1);
  });

  test('refused each time: a lost connection that names the place', async () => {
    next('true', 'refused', 'refused', 'refused');
    await expect(shell().run(['true'], reading)).rejects.toThrow(/exec in x\/p \(c\) was not opened/);
  });

  test('an interrupt that is refused once still ends the command with all its output', async () => {
    const running = await shell().start(['sh', '-c', 'trap "echo bye; exit 0" INT; echo begun; while :; do sleep 0.1; done']);
    await running.ready(/begun/);
    next('kill -INT', 'refused');
    expect(await running.stop()).toMatchObject({ exitCode: 0, stdout: 'begun\nbye\n' });
  });

  test('an interrupt that is always refused ends in an error, not in a hang', async () => {
    const running = await shell().start(['sh', '-c', 'echo begun; exec sleep 60']);
    await running.ready(/begun/);
    next('kill', ...Array.from({ length: 9 }, (): ExecFate => 'refused'));
    await expect(running.stop()).rejects.toThrow(/was not opened/);
  });
});
