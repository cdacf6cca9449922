import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBoundedJson } from '../model/bounded-json.ts';
import { reportOfToday } from '../model/earlier-names.ts';
import { REPORT_SCHEMA, type Report, reportSchema } from '../model/report.ts';
import { ExitError } from './exit-error.ts';

/** A report.json, given by its path or its folder. @throws ExitError (usage) for what is not a report of this version */
export async function loadReport(named: string): Promise<Report> {
  try {
    const path = (await stat(named)).isDirectory() ? join(named, 'report.json') : named;
    const raw = parseBoundedJson(await readFile(path, 'utf8'));
    const schema = (raw as { schema?: unknown } | null)?.schema;
    if (schema !== REPORT_SCHEMA)
      throw new Error(`has schema ${JSON.stringify(schema)}; this version reads schema ${REPORT_SCHEMA}: assess the recording again`);
    const result = reportSchema.safeParse(reportOfToday(raw));
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
  } catch (error) {
    throw ExitError.usage(`${named}: ${(error as Error).message} (a report.json, or a folder with one; \`wirewitness assess\` writes it)`);
  }
}
