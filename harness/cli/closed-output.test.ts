import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { localShell } from '../proc/local-shell.ts';
import { tolerateClosedOutput } from './closed-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-closed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs the command with a standard output whose reader has gone before the first byte. */
const READER_GONE = `mkfifo "$1/go"; node=$2; main=$3; go=$1/go; shift 3
{ read -r _ < "$go"; "$node" "$main" "$@"; echo "exit $?" >&2; } | { exec 0<&-; echo > "$go"; }`;

describe('a reader that went away', () => {
  test.each([
    ['--help', 0],
    ['checks', 0],
    ['report', 3],
  ])('%s ends quietly with its own exit code', async (command, exitCode) => {
    const place = mkdtempSync(join(folder, 'run-'));
    const argv = ['sh', '-c', READER_GONE, 'sh', place, process.execPath, main, command];
    const { stderr } = await localShell().run(argv, { timeoutMs: 20_000 });
    expect(stderr).toContain(`exit ${exitCode}\n`);
    expect(stderr).not.toMatch(/EPIPE|node:events/);
  });
});

test('a reader of the progress that went away changes neither exit code nor reports', async () => {
  const place = mkdtempSync(join(folder, 'progress-'));
  const script = `{ "$0" "$1" verify "$2" 2>&1 >/dev/null; echo "exit $?" > "$3"; } | exec 0<&-`;
  await localShell().run(['sh', '-c', script, process.execPath, main, join(place, 'none'), join(place, 'exit')], { timeoutMs: 20_000 });
  expect(readFileSync(join(place, 'exit'), 'utf8')).toBe('exit 3\n');
});

test('every other error of the output ends the command: 4 for what the system refuses', () => {
  const output = new PassThrough();
  const ended: number[] = [];
  tolerateClosedOutput(output, 'standard output', (exitCode) => ended.push(exitCode));
  output.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }));
  expect(ended).toEqual([]);
  output.emit('error', Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC', syscall: 'write' }));
  expect(ended).toEqual([4]);
});

test('a full disk behind standard output is no verdict', async () => {
  const { exitCode, stderr } = await localShell().run(['sh', '-c', '"$0" "$1" checks >/dev/full', process.execPath, main], {
    timeoutMs: 200_000,
  });
  expect([exitCode, stderr]).toEqual([
    4,
    expect.stringMatching(/^wirewitness: standard output: the disk is full \(write: ENOSPC\); .*\n$/),
  ]);
});
