import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeConsole } from '../../reports/console.ts';
import { writeHtml } from '../../reports/html/page.ts';
import { writeReportJson } from '../../reports/json.ts';
import { writeJunit } from '../../reports/junit.ts';
import { writeMarkdown } from '../../reports/markdown.ts';
import { writeOpenMetrics } from '../../reports/openmetrics.ts';
import { writeSarif } from '../../reports/sarif.ts';
import { applyWaivers } from '../../reports/waivers/apply-waivers.ts';
import type { Report } from '../model/report.ts';
import { recordingFolderOf } from '../run/assess.ts';
import { EXIT, exitCodeFor } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { loadReport } from '../run/load-report.ts';
import { loadWaivers } from '../run/load-waivers.ts';
import { refuseInside } from '../run/refuse-inside.ts';
import { consoleOptions } from './console-options.ts';
import type { ReportFormat } from './report-formats.ts';

export interface ReportFlags {
  readonly format: ReportFormat;
  readonly out?: string;
  /** The long PDF instead of the short one. */
  readonly full?: boolean;
  readonly waivers?: string;
  /** Every fact of red checks, on the console. */
  readonly verbose?: boolean;
}

/** `wirewitness report`: print a report.json in another form. The exit code is the verdict's. */
export async function reportCommand(folder: string, { format, out, full = false, waivers, verbose = false }: ReportFlags): Promise<number> {
  if (out !== undefined) await refuseInside(await recordingFolderOf(folder), { '--out': out });
  const report = await loadReport(folder);
  if (full && format !== 'pdf') throw ExitError.usage(`--full: only with --format pdf, not with ${format}`);
  if (format === 'pdf') return pdf(report, folder, out, full);
  const held = applyWaivers(await loadWaivers(waivers), report);
  const written = {
    console: () => writeConsole(report, { ...consoleOptions(folder, { verbose }), waivers: held }),
    json: () => writeReportJson(report),
    junit: () => writeJunit(report, held),
    html: () => writeHtml({ report, waivers: held }),
    markdown: () => writeMarkdown(report, held),
    sarif: () => writeSarif(report, held),
    openmetrics: () => writeOpenMetrics(report),
  };
  const text = written[format]();
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
  return exitCodeFor([report.verdict]);
}

/**
 * Prints the page in the folder, with its controls, exceptions and trend; if there is none, makes it first. A PDF is not printed on a
 * terminal.
 */
async function pdf(report: Report, folder: string, out: string | undefined, full: boolean): Promise<number> {
  if (out === undefined) throw ExitError.usage('--format pdf: needs --out FILE');
  const { writePdf } = await import('../../reports/pdf/write-pdf.ts');
  const page = await readFile(join(folder, 'report.html'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return writeHtml({ report });
    throw error;
  });
  const made = await writePdf(page, full);
  if ('refused' in made) {
    process.stderr.write(`${made.refused}\n`);
    return EXIT.environment;
  }
  await writeFile(out, made);
  return exitCodeFor([report.verdict]);
}
