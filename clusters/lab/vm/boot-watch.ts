import { setTimeout as delay } from 'node:timers/promises';
import type { CommandResult } from '../../../harness/model/shell.ts';

/** Time limits of a boot, in milliseconds. */
export interface BootLimits {
  /** Without output on the serial line. */
  readonly silenceMs: number;
  /** In total. */
  readonly bootMs: number;
}

/** What is watched while a machine boots. */
export interface Booting {
  /** Output of the guest (stdout) and QEMU (stderr) so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  /** Time of the last output, by `performance.now()`. */
  heardAt(): number;
  readonly ended: Promise<CommandResult>;
  /** Resolves with QEMU's run state when it no longer runs the guest. */
  readonly paused: Promise<string | undefined>;
}

/** Milliseconds between two looks at the output. */
const PACE_MS = 20;
const LAST_WORDS = 200;

/**
 * Wait until the guest says that it is ready.
 * @returns that line
 * @throws Error with what ended the wait and what the guest last said; the signal's reason when it was aborted
 */
export async function watchBoot(machine: Booting, limits: BootLimits, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  const over = new AbortController();
  const stop = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
  const never = new Promise<never>(() => {});
  const begun = performance.now();
  try {
    return await Promise.race([
      lookForEnd(machine, limits, begun, stop),
      machine.ended.then(({ exitCode, stderr }) => fail(machine, `QEMU ended with ${exitCode}${said(stderr)}`)),
      machine.paused.then((state) =>
        state === undefined ? never : fail(machine, `QEMU stopped the guest (${state})${said(machine.output().stderr)}`),
      ),
    ]);
  } finally {
    over.abort();
    signal?.throwIfAborted();
  }
}

async function lookForEnd(machine: Booting, { silenceMs, bootMs }: BootLimits, begun: number, signal: AbortSignal): Promise<string> {
  for (;;) {
    const line = /^LAB \S+ (ready|no-ssh|no-network).*$|^.*Kernel panic.*$/m.exec(completeLines(machine.output().stdout))?.[0];
    if (line !== undefined && / ready/.test(line)) return line.trim();
    if (line !== undefined) return fail(machine, 'the guest gave up');
    const now = performance.now();
    if (now - begun > bootMs) return fail(machine, `the guest was not ready after ${bootMs / 1000} s`);
    if (now - Math.max(begun, machine.heardAt()) > silenceMs) return fail(machine, `the guest said nothing for ${silenceMs / 1000} s`);
    await delay(PACE_MS, undefined, { signal });
  }
}

function fail(machine: Booting, why: string): never {
  const last = completeLines(`${machine.output().stdout}\n`).trim().split('\n').at(-1)?.trim() ?? '';
  throw new Error(`${why}; the guest last said ${last === '' ? 'nothing' : `“${last.slice(-LAST_WORDS)}”`}`);
}

/** QEMU reports a dead guest in its first line and then prints registers; warnings of features come before both. */
function said(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => /error|assert|fail|could not|denied/i.test(line)) ?? lines.findLast((line) => line !== '');
  return telling === undefined ? '' : `: ${telling.slice(0, LAST_WORDS)}`;
}

/** Without an incomplete last line, and without control characters. */
function completeLines(text: string): string {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .replaceAll('\r', '')
    .replaceAll(/[^\n\x20-\x7e]/g, '');
}
