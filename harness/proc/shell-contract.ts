import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../model/shell.ts';

/** One requirement for every {@link Shell}; the caller registers it with its own test runner. */
export interface ShellContractCase {
  readonly title: string;
  /** Throws when the shell breaks it. */
  verify(shell: Shell): Promise<void>;
}

function same(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  const outcome = await promise.then(
    () => 'it resolved',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (!pattern.test(outcome)) throw new Error(`expected a rejection that matches ${pattern}, but ${outcome}`);
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ww-contract-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ticks on stdout until SIGINT, then says so on stderr and ends with 7. */
const TICKER = 'trap "echo interrupted >&2; exit 7" INT; echo begun >&2; while :; do echo tick; sleep 0.2; done';

/** Writes lines to the end of a file until SIGINT. */
const GROWS = 'trap "exit 0" INT; echo grows >>"$1"; echo begun >&2; while :; do echo grows >>"$1"; sleep 0.01; done';

/** The contract, the same for every implementation. */
export const shellContract: readonly ShellContractCase[] = [
  {
    title: 'keeps stdout, stderr and the exit code apart',
    async verify(shell) {
      const result = await shell.run(['sh', '-c', 'echo out; echo err >&2; exit 7']);
      same(result.stdout, 'out\n', 'stdout');
      same(result.stderr, 'err\n', 'stderr');
      same(result.exitCode, 7, 'exit code');
    },
  },
  {
    title: 'passes every word as it is',
    async verify(shell) {
      const words = ['a b', "it's", '$HOME', '', '"x"', 'a\nb', '*', '\\', 'ü'];
      const result = await shell.run(['sh', '-c', 'for w in "$@"; do printf "<%s>" "$w"; done', 'sh', ...words]);
      same(result.stdout, words.map((word) => `<${word}>`).join(''), 'words');
    },
  },
  {
    title: 'gives the exit code 255 of a command as a result',
    async verify(shell) {
      same((await shell.run(['sh', '-c', 'exit 255'])).exitCode, 255, 'exit code');
    },
  },
  {
    title: 'reports the signal that ended a command as 128+N',
    async verify(shell) {
      same((await shell.run(['sh', '-c', 'kill -9 $$'])).exitCode, 137, 'exit code');
    },
  },
  {
    title: 'feeds standard input',
    async verify(shell) {
      same((await shell.run(['cat'], { stdin: 'line one\nline two' })).stdout, 'line one\nline two', 'stdout');
    },
  },
  {
    title: 'kills a command at its time limit and rejects',
    async verify(shell) {
      const before = performance.now();
      await rejects(shell.run(['sleep', '30'], { timeoutMs: 500 }), /limit of 500 ms/);
      if (performance.now() - before > 10_000) throw new Error('the limit of 500 ms was noticed after more than 10 s');
    },
  },
  {
    title: 'rejects when its signal is aborted',
    async verify(shell) {
      const controller = new AbortController();
      const running = shell.run(['sleep', '30'], { signal: controller.signal });
      controller.abort(new Error('no longer wanted'));
      await rejects(running, /no longer wanted/);
    },
  },
  {
    title: 'where it can answer several at once, answers each as by itself, whatever becomes of the others',
    async verify(shell) {
      if (shell.runEach === undefined) return;
      const [text, failed, hung, last, ...rest] = await shell.runEach(
        [['sh', '-c', 'printf "no end of line"; echo err >&2; exit 7'], ['no-such-program', "it's"], ['sleep', '30'], ['cat']],
        { timeoutMs: 3000 },
      );
      same(JSON.stringify([text?.stdout, text?.stderr, text?.exitCode]), JSON.stringify(['no end of line', 'err\n', 7]), 'the first');
      same(failed?.exitCode, 127, 'a program that is not there');
      same(hung?.exitCode, 137, 'one that hangs is killed at its limit');
      same(JSON.stringify([last?.stdout, last?.exitCode]), JSON.stringify(['', 0]), 'the one behind it, which is fed nothing');
      same(rest.length, 0, 'answers too many');
    },
  },
  {
    title: 'waits for a line, interrupts, and hands over everything printed, twice the same',
    async verify(shell) {
      const running = await shell.start(['sh', '-c', TICKER]);
      same(await running.ready(/beg/), 'begun', 'ready line');
      await running.ready(/tick/);
      const result = await running.stop();
      same(result.exitCode, 7, 'exit code');
      same(result.stderr, 'begun\ninterrupted\n', 'stderr');
      if (!result.stdout.startsWith('tick\n')) throw new Error(`stdout was lost: ${JSON.stringify(result.stdout)}`);
      same(await running.stop(), result, 'the second stop');
    },
  },
  {
    title: 'rejects ready when the command ends first',
    async verify(shell) {
      const running = await shell.start(['sh', '-c', 'echo bad >&2; exit 3']);
      await rejects(running.ready(/never/, 20_000), /ended with 3/);
      same((await running.ended).exitCode, 3, 'exit code');
    },
  },
  {
    title: 'streams stdout to a local file, byte for byte',
    verify: (shell) =>
      withFolder(async (folder) => {
        const file = join(folder, 'bytes');
        const running = await shell.start(['sh', '-c', 'printf "\\000\\377\\r\\n"; echo done >&2'], { stdoutFile: file });
        same((await running.ended).stdout, '', 'kept stdout');
        same((await readFile(file)).toString('hex'), '00ff0d0a', 'bytes');
      }),
  },
  {
    title: 'fetches a file byte for byte and rejects for one that is not there',
    verify: (shell) =>
      withFolder(async (folder) => {
        const remote = `/tmp/ww-contract-${process.pid}-${Math.trunc(performance.now())}`;
        await shell.run(['sh', '-c', 'printf "\\000\\377\\r\\n" > "$1"', 'sh', remote]);
        await shell.fetch(remote, join(folder, 'copy'));
        await shell.run(['rm', remote]);
        same((await readFile(join(folder, 'copy'))).toString('hex'), '00ff0d0a', 'bytes');
        await rejects(shell.fetch(remote, join(folder, 'none')), /No such file|ENOENT|no such file/i);
        same(existsSync(join(folder, 'none')), false, 'a failed fetch leaves a file');
      }),
  },
  {
    title: 'fetches what a file had at first while a program writes to its end',
    verify: (shell) =>
      withFolder(async (folder) => {
        const remote = `/tmp/ww-contract-grows-${process.pid}-${Math.trunc(performance.now())}`;
        const writer = await shell.start(['sh', '-c', GROWS, 'sh', remote]);
        try {
          await writer.ready(/begun/, 10_000);
          await shell.fetch(remote, join(folder, 'copy'));
        } finally {
          await writer.stop();
          await shell.run(['rm', '-f', remote]);
        }
        same(/^(?:grows\n)+/.test(await readFile(join(folder, 'copy'), 'utf8')), true, 'its beginning');
      }),
  },
];
