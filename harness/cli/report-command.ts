import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import { writeHtml } from '../../reports/html/page.ts';
import { writeReportJson } from '../../reports/json.ts';
import { writeJunit } from '../../reports/junit.ts';
import { writeMarkdown } from '../../reports/markdown.ts';
import type { Report } from '../model/report.ts';
import { exitCodeFor } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { consoleOptions } from './console-options.ts';

/** `wirewitness report`: print a report.json in another form. The exit code is the verdict's. */
export async function reportCommand(
  folder: string,
  { format }: { format: 'console' | 'json' | 'junit' | 'html' | 'markdown' },
): Promise<number> {
  const path = join(folder, 'report.json');
  const report = await load(path);
  const written = {
    console: () => writeConsole(report, consoleOptions(folder)),
    json: () => writeReportJson(report),
    junit: () => writeJunit(report),
    html: () => writeHtml({ report }),
    markdown: () => writeMarkdown(report),
  };
  process.stdout.write(written[format]());
  return exitCodeFor([report.verdict]);
}

async function load(path: string): Promise<Report> {
  try {
    const report = JSON.parse(await readFile(path, 'utf8')) as Report;
    if (report.schema !== 1) throw new Error(`has schema ${JSON.stringify(report.schema)}; this version reads schema 1`);
    return report;
  } catch (error) {
    throw ExitError.usage(`${path}: ${(error as Error).message} (\`wirewitness assess\` writes it)`);
  }
}
