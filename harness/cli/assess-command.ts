import { resolve } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import { assess, recordingFolderOf } from '../run/assess.ts';
import { exitCodeFor } from '../run/exit-codes.ts';
import { writeReports } from '../run/write-reports.ts';
import { consoleOptions } from './console-options.ts';

/** `wirewitness assess`: judge what was recorded and write the three reports. */
export async function assessCommand(folder: string, { out = folder, json = false }: { out?: string; json?: boolean }): Promise<number> {
  const report = await assess(await recordingFolderOf(resolve(folder)));
  await writeReports(report, out);
  if (json) process.stdout.write(`${JSON.stringify({ verdict: report.verdict, verdicts: report.verdicts }, null, 2)}\n`);
  else process.stdout.write(writeConsole(report, consoleOptions(out)));
  return exitCodeFor([report.verdict]);
}
