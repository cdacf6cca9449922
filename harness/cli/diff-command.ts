import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../model/report.ts';
import { compareReports } from '../run/diff/compare.ts';
import { diffExitCode } from '../run/diff/exit-code.ts';
import { diffText } from '../run/diff/text.ts';
import { ExitError } from '../run/exit-error.ts';

/** `wirewitness diff BASELINE CURRENT`: two reports, or folders that hold one, held against each other. */
export async function diffCommand(baseline: string, current: string, { json = false }: { json?: boolean }): Promise<number> {
  const comparison = compareReports(await load(baseline), await load(current));
  process.stdout.write(json ? `${JSON.stringify(comparison, null, 2)}\n` : diffText(comparison));
  return diffExitCode(comparison);
}

async function load(named: string): Promise<Report> {
  try {
    const path = (await stat(named)).isDirectory() ? join(named, 'report.json') : named;
    const report = JSON.parse(await readFile(path, 'utf8')) as Report;
    if (report.schema !== 1) throw new Error(`has schema ${JSON.stringify(report.schema)}; this version reads schema 1`);
    return report;
  } catch (error) {
    throw ExitError.usage(`${named}: ${(error as Error).message} (a report.json, or a folder with one; \`wirewitness assess\` writes it)`);
  }
}
