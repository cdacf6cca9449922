import { resolve } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import { applyWaivers } from '../../reports/waivers/apply-waivers.ts';
import { openRecording } from '../record/open-recording.ts';
import { assess, recordingFolderOf } from '../run/assess.ts';
import { withFiledHistory } from '../run/config/filed-flags.ts';
import { configFor } from '../run/config/load-config.ts';
import { type DeclaredFlags, declaredControls } from '../run/declared-controls.ts';
import type { PageExtraFlags } from '../run/page-extras.ts';
import { refuseInside } from '../run/refuse-inside.ts';
import { reportsWriter } from '../run/reports-writer.ts';
import { type AcceptFlags, exitCodeOf } from './accept-waivers.ts';
import { consoleOptions } from './console-options.ts';
import { type HandOverFlags, prepareHandOver } from './hand-over.ts';
import { type OutputFlags, progressLines, Steps } from './progress.ts';

export interface AssessFlags extends HandOverFlags, DeclaredFlags, AcceptFlags, PageExtraFlags, OutputFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Processor time to judge a lab recording, divided by the time to open it; measured: 0.54 s and 0.16 s. */
const JUDGING_PER_OPENING = 3.5;

/** `wirewitness assess`: judge a recording and write the reports. */
export async function assessCommand(folder: string, said: AssessFlags): Promise<number> {
  const flags = withFiledHistory(said, await configFor(said.config));
  const { out = folder, json = false } = flags;
  const controls = await declaredControls(flags);
  const recording = await recordingFolderOf(resolve(folder));
  const { history, key } = flags;
  await refuseInside(recording, { [flags.out === undefined ? 'reports of assess' : '--out']: out, '--history': history, '--key': key });
  const write = reportsWriter(controls, flags);
  const handOver = await prepareHandOver(flags, write, controls.advisories);
  const steps = new Steps(3, progressLines(flags));
  steps.next('opening the recording: every file is hashed');
  const opened = await openRecording(recording);
  steps.next(`judging ${opened.manifest.captures.length} captures`, JUDGING_PER_OPENING);
  const report = await assess(opened, controls.advisories);
  steps.next('writing the reports');
  await write(report, out, opened);
  if (json) process.stdout.write(`${JSON.stringify({ verdict: report.verdict, verdicts: report.verdicts }, null, 2)}\n`);
  else process.stdout.write(writeConsole(report, { ...consoleOptions(out, flags), waivers: applyWaivers(controls.waivers, report) }));
  await handOver([{ folder: out, report }]);
  return exitCodeOf([report], controls, flags);
}
