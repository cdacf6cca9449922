import { resolve } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import { assess, recordingFolderOf } from '../run/assess.ts';
import { declaredControls } from '../run/declared-controls.ts';
import { exitCodeFor } from '../run/exit-codes.ts';
import { writeReports } from '../run/write-reports.ts';
import { consoleOptions } from './console-options.ts';
import { type HandOverFlags, prepareHandOver } from './hand-over.ts';

export interface AssessFlags extends HandOverFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly controls?: readonly string[];
  readonly config?: string;
}

/** `wirewitness assess`: judge what was recorded and write the reports. */
export async function assessCommand(folder: string, flags: AssessFlags): Promise<number> {
  const { out = folder, json = false } = flags;
  const controls = await declaredControls(flags);
  const handOver = await prepareHandOver(flags);
  const report = await assess(await recordingFolderOf(resolve(folder)));
  await writeReports(report, out, controls);
  if (json) process.stdout.write(`${JSON.stringify({ verdict: report.verdict, verdicts: report.verdicts }, null, 2)}\n`);
  else process.stdout.write(writeConsole(report, consoleOptions(out)));
  await handOver([{ folder: out, report }]);
  return exitCodeFor([report.verdict]);
}
