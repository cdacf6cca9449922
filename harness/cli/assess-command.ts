import { resolve } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import { holdWaivers } from '../../reports/waivers/hold-waivers.ts';
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

export interface AssessFlags extends HandOverFlags, DeclaredFlags, AcceptFlags, PageExtraFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** `wirewitness assess`: judge what was recorded and write the reports. */
export async function assessCommand(folder: string, said: AssessFlags): Promise<number> {
  const flags = withFiledHistory(said, await configFor(said.config));
  const { out = folder, json = false } = flags;
  const controls = await declaredControls(flags);
  const recording = await recordingFolderOf(resolve(folder));
  const { history, key } = flags;
  await refuseInside(recording, { [flags.out === undefined ? 'reports of assess' : '--out']: out, '--history': history, '--key': key });
  const write = reportsWriter(controls, flags);
  const handOver = await prepareHandOver(flags, write, controls.advisories);
  const opened = await openRecording(recording);
  const report = await assess(opened, controls.advisories);
  await write(report, out, opened);
  if (json) process.stdout.write(`${JSON.stringify({ verdict: report.verdict, verdicts: report.verdicts }, null, 2)}\n`);
  else process.stdout.write(writeConsole(report, { ...consoleOptions(out), waivers: holdWaivers(controls.waivers, report) }));
  await handOver([{ folder: out, report }]);
  return exitCodeOf([report], controls, flags);
}
