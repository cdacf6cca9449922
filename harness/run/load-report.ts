import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../model/report.ts';
import { ExitError } from './exit-error.ts';

/** A report.json, named itself or by its folder. @throws ExitError (usage) for what is no report of this version */
export async function loadReport(named: string): Promise<Report> {
  try {
    const path = (await stat(named)).isDirectory() ? join(named, 'report.json') : named;
    const report = JSON.parse(await readFile(path, 'utf8')) as Report;
    if (report.schema !== 2)
      throw new Error(`has schema ${JSON.stringify(report.schema)}; this version reads schema 2: assess the recording again`);
    return report;
  } catch (error) {
    throw ExitError.usage(`${named}: ${(error as Error).message} (a report.json, or a folder with one; \`wirewitness assess\` writes it)`);
  }
}
