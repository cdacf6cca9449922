import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import type { Intent } from '../model/intent.ts';
import { assess, recordingFolderOf } from '../run/assess.ts';
import { type DeclaredFlags, declaredControls } from '../run/declared-controls.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { Interruption } from '../run/interruption.ts';
import type { ModeOutcome } from '../run/mode-outcome.ts';
import type { PageExtraFlags } from '../run/page-extras.ts';
import { planRun, type RunFlags, type RunPlan } from '../run/plan-run.ts';
import { refuseInside } from '../run/refuse-inside.ts';
import { reportsWriter } from '../run/reports-writer.ts';
import { runPlan } from '../run/run-plan.ts';
import { type AcceptFlags, exitCodeOf } from './accept-waivers.ts';
import { asker } from './ask.ts';
import { consoleOptions } from './console-options.ts';
import { type HandOverFlags, prepareHandOver } from './hand-over.ts';

/** `wirewitness run` and `record`: the whole way through, or only the recording. */
export async function runCommand(
  flags: RunFlags & HandOverFlags & DeclaredFlags & AcceptFlags & PageExtraFlags & { json?: boolean },
  { judge }: { judge: boolean },
): Promise<number> {
  const plan = await planRun(flags);
  const controls = await declaredControls(flags);
  const out = resolve(plan.out);
  const { history, key } = flags;
  for (const { mode } of plan.intents) await refuseInside(join(out, mode, 'recording'), { '--history': history, '--key': key });
  const write = reportsWriter(controls, flags);
  const handOver = await prepareHandOver(flags, write);
  await refuseUsed(out, plan.intents);
  using interruption = new Interruption();
  const started = performance.now();
  const progress = (line: string): void => {
    process.stderr.write(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
  progress(planLine(plan));
  const outcomes: ModeOutcome[] = [];
  const recorded = async (folder: string, intent: Intent): Promise<void> => {
    if (!judge) return;
    progress(`${intent.mode}: judging`);
    const recording = await recordingFolderOf(folder);
    const report = await assess(recording);
    await write(report, folder, recording);
    outcomes.push({ folder, report });
  };
  const { signal } = interruption;
  try {
    const show = (text: string) => process.stderr.write(text);
    await runPlan(plan, { out, progress, signal, recorded, ask: asker(), show });
  } catch (error) {
    // Taking the lab down tears whatever was under way; the interruption is the cause of what that says.
    throw signal.aborted ? signal.reason : error;
  }
  if (!judge) {
    process.stdout.write(`recorded in ${out}\n`);
    return EXIT.supports;
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(outcomes.map(summary), null, 2)}\n`);
  else for (const { folder, report } of outcomes) process.stdout.write(`${writeConsole(report, consoleOptions(folder))}\n`);
  await handOver(outcomes);
  return exitCodeOf(
    outcomes.map(({ report }) => report),
    controls,
    flags,
  );
}

function summary({ folder, report }: ModeOutcome): unknown {
  return { folder, mode: report.intent.mode, verdict: report.verdict, verdicts: report.verdicts };
}

/** What is going to be run, for whoever did not know of a wirewitness.yaml in the folder. */
function planLine({ target, nodes, intents, fault }: RunPlan): string {
  const claims = intents.map(({ mode, profile, routing }) => `${mode} as Cilium ${profile} over ${routing}`).join(', then ');
  return `${target}, ${nodes} nodes: ${claims}${fault === null ? '' : `, with fault ${fault}`}`;
}

/** Nothing is started when a folder to be written is in use: a recording is never overwritten. */
async function refuseUsed(out: string, intents: readonly Intent[]): Promise<void> {
  for (const { mode } of intents) {
    const folder = join(out, mode, 'recording');
    const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw ExitError.usage(`--out ${out}: ${error.message}`);
    });
    if (entries.length > 0) throw ExitError.usage(`--out ${out}: ${folder} holds a recording already; name another folder or remove it`);
  }
}
