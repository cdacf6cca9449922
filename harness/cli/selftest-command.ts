import { join, resolve } from 'node:path';
import { writeSelftestConsole } from '../../reports/selftest/console.ts';
import type { Mode, Routing } from '../model/mode.ts';
import type { CellResult, CheckOutcome, SelftestReport } from '../model/selftest.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { Interruption } from '../run/interruption.ts';
import { planCells } from '../run/selftest/plan-cells.ts';
import { publish, refusePublishing } from '../run/selftest/publish.ts';
import { runAttacks } from '../run/selftest/run-attacks.ts';
import { runSelftest } from '../run/selftest/run-selftest.ts';
import { writeSelftest } from '../run/selftest/write-selftest.ts';
import { consoleOptions } from './console-options.ts';

export interface SelftestFlags {
  readonly quick?: boolean;
  readonly fault?: string;
  readonly mode?: Mode;
  readonly profile?: string;
  readonly routing?: Routing;
  readonly jobs: string;
  readonly out: string;
  readonly resume?: boolean;
  readonly judgeAgain?: boolean;
  readonly json?: boolean;
  readonly publish?: boolean;
}

const MOST_JOBS = 8;

/** `wirewitness selftest`: inject every known fault in the lab and show which checks detect it. */
export async function selftestCommand(flags: SelftestFlags): Promise<number> {
  const jobs = Number(flags.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST_JOBS)
    throw ExitError.usage(`--jobs ${flags.jobs}: must be a whole number from 1 to ${MOST_JOBS}`);
  const { quick = false, resume = false, judgeAgain = false, mode, profile, routing } = flags;
  const subjects = flags.fault?.split(',').filter((id) => id !== '') ?? [];
  const filters = { ...(mode && { mode }), ...(profile && { profile }), ...(routing && { routing }) };
  const cells = planCells({ quick, subjects, ...filters });
  const filtered = subjects.length > 0 || Object.keys(filters).length > 0;
  const extent = filtered ? 'filtered' : quick ? 'quick' : 'full';
  if (flags.publish) refusePublishing();
  const out = resolve(flags.out);
  using interruption = new Interruption();
  const { signal } = interruption;
  const started = performance.now();
  const progress = (line: string): void => {
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  const attacks = filtered ? undefined : await runAttacks(signal);
  if (attacks !== undefined) progress(`${attacks.judged} edited recordings judged, ${attacks.wrong.length} not as stated`);
  progress(`${cells.length} cells in up to ${jobs} labs`);
  const matrix = await runSelftest({
    cells,
    extent,
    jobs,
    out,
    resume,
    judgeAgain,
    signal,
    progress,
    ended: (result, number) => progress(`[${number}/${cells.length}] ${cellLine(result)}`),
  }).catch((error: unknown) => {
    // Stopping the labs makes pending commands fail; the cause of such an error is the interruption.
    throw interruption.signal.aborted ? interruption.signal.reason : error;
  });
  const report = attacks === undefined ? matrix : { ...matrix, attacks };
  await writeSelftest(report, out);
  if (flags.publish) progress(await publish(report));
  const look = { ...consoleOptions(out), reportPath: join(out, 'selftest.html') };
  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : writeSelftestConsole(report, look));
  return exitCodeOf(report);
}

/** 1 if any cell is wrong, even if others could not be run; 2 only if none is wrong and some could not be run. */
function exitCodeOf({ results, attacks }: SelftestReport): number {
  if ((attacks?.wrong.length ?? 0) > 0 || results.some(({ state }) => state === 'failed')) return EXIT.contradicts;
  const ran = results.some(({ state }) => state === 'passed');
  return !ran || results.some(({ state }) => state === 'broken') ? EXIT.inconclusive : EXIT.supports;
}

/** The result of a cell on one line: `L03 ipsec 1.18 vxlan: passed in 11.2 s: caught WIR-01 XFR-06, implied WIR-02`. */
function cellLine({ cell, state, checks, reason, seconds, rebooted }: CellResult): string {
  const outcomes = (['missed', 'false-alarm', 'caught', 'implied'] as const).flatMap((outcome) => {
    const ids = checks.filter((check) => check.outcome === outcome).map(({ id }) => id);
    return ids.length === 0 ? [] : [`${WORDS[outcome]} ${ids.join(' ')}`];
  });
  const detail = [...outcomes, reason].filter((part) => part !== '').join('; ');
  const unclean = rebooted === '' ? '' : ` (the lab is booted again: ${rebooted})`;
  return `${cell.id}: ${state} in ${seconds.toFixed(1)} s${detail === '' ? '' : `: ${detail}`}${unclean}`;
}

const WORDS: Readonly<Record<Exclude<CheckOutcome, 'quiet'>, string>> = {
  missed: 'MISSED',
  'false-alarm': 'FALSE ALARM',
  caught: 'caught',
  implied: 'implied',
};
