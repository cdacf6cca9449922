import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { kubeError } from '../kube/kube-error.ts';
import { EnvironmentError } from '../model/environment-error.ts';
import { CommandNotStartedError } from '../proc/errors.ts';
import { openRecording } from '../record/open-recording.ts';
import { assess } from '../run/assess.ts';
import { ExitError } from '../run/exit-error.ts';
import { InterruptedError } from '../run/interruption.ts';
import { storeRecording } from '../testing/memory-recording.ts';
import { clearPing } from '../testing/node-frames.ts';
import { buildRecording, flow } from '../testing/recording.ts';
import { reportError } from './report-error.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const refusal = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'write', path: '/x/y' });

describe('reportError', () => {
  const aborted = Object.assign(new Error('aborted'), { name: 'AbortError', cause: new InterruptedError('SIGTERM') });
  test.each([
    ['help was asked for', new CommanderError(0, 'commander.helpDisplayed', ''), 0, /^$/],
    ['a mistake on the command line', new CommanderError(1, 'commander.unknownOption', ''), 3, /^$/],
    ['usage', ExitError.usage('--nodes 1: too few'), 3, /^wirewitness: --nodes 1: too few\n$/],
    ['environment', ExitError.environment('no qemu'), 4, /^wirewitness: no qemu\n$/],
    ['what the machine lacks, as a room below says it', new EnvironmentError('no qemu'), 4, /^wirewitness: no qemu\n$/],
    ['interrupted', new InterruptedError('SIGINT'), 130, /^wirewitness: interrupted by SIGINT; .*kept\n$/],
    ['interrupted, seen by what was aborted', aborted, 130, /interrupted by SIGTERM/],
    [
      'what nobody foresaw, in one line',
      new TypeError('x is undefined'),
      2,
      /^wirewitness: TypeError: x is undefined \(--debug shows where\)\n$/,
    ],
    [
      'a program that is not there',
      new CommandNotStartedError('kind', ['kind'], new Error('spawn kind ENOENT')),
      4,
      /^wirewitness: kind: could not start/,
    ],
    [
      'a right that is lacking',
      kubeError('list Node', { code: 403, body: '{"reason":"Forbidden","message":"no"}' }),
      4,
      /^wirewitness: list Node: no \(403 Forbidden\)\n$/,
    ],
    [
      'a full disk',
      refusal('ENOSPC'),
      4,
      /^wirewitness: \/x\/y: the disk is full \(write: ENOSPC\); free some space, or name another folder\n$/,
    ],
    ['a read-only folder', refusal('EROFS'), 4, /^wirewitness: \/x\/y: the file system is read-only/],
    ['something thrown that is no error', 'text', 2, /^wirewitness: text\n$/],
  ])('%s', (_, error, exitCode, message) => {
    expect(reportError(error)).toBe(exitCode);
    expect(said).toMatch(message);
  });

  test('the stack is for who asks for it', () => {
    expect(reportError(new TypeError('x is undefined'), true)).toBe(2);
    expect(said).toMatch(/TypeError: x is undefined\n +at .*\nwirewitness: TypeError: x is undefined\n$/s);
  });

  test('a recording with one flipped byte is refused: exit code 2, the file named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wirewitness-flipped-'));
    try {
      const canary = 'ab'.repeat(16);
      storeRecording(
        buildRecording({ captures: [{ phase: 'clear', frames: [clearPing(8, canary)] }], traffic: [flow('clear', canary)] }),
        folder,
      );
      const path = join(folder, 'captures/0.pcap');
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(path, bytes);
      const error: unknown = await openRecording(folder)
        .then(assess)
        .catch((thrown: unknown) => thrown);
      expect(reportError(error)).toBe(2);
      expect(said).toMatch(/captures\/0\.pcap: has SHA-256 .* it was changed\n$/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
