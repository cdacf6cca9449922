import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { writeConsole } from '../../reports/console.ts';
import { applyWaivers } from '../../reports/waivers/apply-waivers.ts';
import { DEFAULT_STACK, type Intent, STACK_TITLES } from '../model/intent.ts';
import { openRecording } from '../record/open-recording.ts';
import { assess, recordingFolderOf } from '../run/assess.ts';
import { withFiledHistory } from '../run/config/filed-flags.ts';
import { configFor } from '../run/config/load-config.ts';
import { confirmBy } from '../run/confirm-claims.ts';
import { type DeclaredFlags, declaredControls } from '../run/declared-controls.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { pastSamples } from '../run/history/past-samples.ts';
import { Interruption } from '../run/interruption.ts';
import { makeFolder } from '../run/make-folder.ts';
import type { ModeOutcome } from '../run/mode-outcome.ts';
import type { PageExtraFlags } from '../run/page-extras.ts';
import { planRun } from '../run/plan-run.ts';
import type { Audience } from '../run/provider-of.ts';
import { refuseInside } from '../run/refuse-inside.ts';
import { reportsWriter } from '../run/reports-writer.ts';
import type { RunFlags, RunPlan } from '../run/run-flags.ts';
import { runPlan } from '../run/run-plan.ts';
import { unseenFault } from '../run/unseen-fault.ts';
import { type AcceptFlags, exitCodeOf } from './accept-waivers.ts';
import { consoleOptions } from './console-options.ts';
import { type HandOverFlags, prepareHandOver } from './hand-over.ts';
import { type OutputFlags, progressLines } from './progress.ts';
import { reportError } from './report-error.ts';

/** `wirewitness run` and `record`: all steps, or only the recording. */
export async function runCommand(
  said: RunFlags & HandOverFlags & DeclaredFlags & AcceptFlags & PageExtraFlags & OutputFlags & { json?: boolean },
  { judge }: { judge: boolean },
): Promise<number> {
  const flags = withFiledHistory(said, await configFor(said.config));
  const audience = audienceOfTerminal(said);
  const plan = await planRun(flags, undefined, confirmBy(audience));
  const controls = await declaredControls(flags);
  const out = resolve(plan.out);
  const { history, key, fingerprintKey } = flags;
  for (const { mode } of plan.intents)
    await refuseInside(join(out, mode, 'recording'), { '--history': history, '--key': key, '--fingerprint-key': fingerprintKey });
  const write = reportsWriter(controls, flags);
  const samples = await pastSamples(history, plan.scenario);
  const handOver = await prepareHandOver(flags, write, controls.advisories);
  await prepareOut(out, plan.intents);
  const { progress } = audience;
  using interruption = new Interruption(progress);
  progress(planLine(plan));
  const outcomes: ModeOutcome[] = [];
  const recorded = async (folder: string, intent: Intent): Promise<void> => {
    if (!judge) return;
    progress(`${intent.mode}: judging`);
    const recording = await openRecording(await recordingFolderOf(folder));
    const report = await assess(recording, controls.advisories, { signal: interruption.signal });
    await write(report, folder, recording);
    outcomes.push({ folder, report });
  };
  const { signal } = interruption;
  const print = (): void => {
    if (flags.json === true) process.stdout.write(`${JSON.stringify(outcomes.map(summary), null, 2)}\n`);
    else
      for (const { folder, report } of outcomes)
        process.stdout.write(
          `${writeConsole(report, { ...consoleOptions(folder, flags), waivers: applyWaivers(controls.waivers, report) })}\n`,
        );
  };
  try {
    await runPlan(plan, { ...audience, out, signal, pastSamples: samples, endsEarly: (end) => interruption.endsEarly(end), recorded });
  } catch (error) {
    // Stopping the lab makes pending commands fail; the cause of such an error is the interruption.
    if (signal.aborted) throw signal.reason;
    // What was recorded so far is judged and kept, so that seen plaintext is reported.
    if (outcomes.length > 0) print();
    if (!outcomes.some(({ report }) => report.verdict === 'contradicts')) throw error;
    reportError(error);
    return EXIT.contradicts;
  }
  if (!judge) {
    process.stdout.write(`recorded in ${out}\n`);
    return EXIT.supports;
  }
  print();
  const unseen = outcomes.flatMap(({ report }) => unseenFault(plan.fault, report) ?? []);
  for (const line of unseen) process.stderr.write(`wirewitness: ${line}\n`);
  await handOver(outcomes);
  const code = exitCodeOf(
    outcomes.map(({ report }) => report),
    controls,
    flags,
  );
  return code === EXIT.supports && unseen.length > 0 ? EXIT.inconclusive : code;
}

function summary({ folder, report }: ModeOutcome): unknown {
  return { folder, mode: report.intent.mode, verdict: report.verdict, verdicts: report.verdicts };
}

/** What will be run, because the user may not know that the folder has a wirewitness.yaml. */
function planLine({ target, nodes, intents, fault }: RunPlan): string {
  const claims = intents
    .map(({ stack, mode, profile, routing }) => `${mode} as ${STACK_TITLES[stack ?? DEFAULT_STACK]} ${profile} over ${routing}`)
    .join(', then ');
  const where = target === 'existing' ? target : `${target}, ${nodes} nodes`;
  return `${where}: ${claims}${fault === null ? '' : `, with fault ${fault}`}`;
}

/** Progress with the time since the start, and questions to the user at the terminal. */
function audienceOfTerminal(flags: OutputFlags): Audience {
  return {
    progress: progressLines(flags),
    ask: asker(),
    show: (text) => {
      process.stderr.write(text);
    },
  };
}

/**
 * Nothing is started if the folder cannot be written or contains a recording: a recording is never overwritten.
 * @throws ExitError (usage) for a folder in use, a system error for one that cannot be written
 */
async function prepareOut(out: string, intents: readonly Intent[]): Promise<void> {
  await makeFolder(out);
  for (const { mode } of intents) {
    const folder = join(out, mode, 'recording');
    const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    if (entries.length > 0) throw ExitError.usage(`--out ${out}: ${folder} already contains a recording; name another folder or remove it`);
  }
}

/** Asks the user to confirm; undefined if standard input is not a terminal. */
function asker(): ((question: string) => Promise<boolean>) | undefined {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
}
