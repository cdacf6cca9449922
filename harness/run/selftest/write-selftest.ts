import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSelftestHtml } from '../../../reports/selftest/html.ts';
import { writeSelftestJson } from '../../../reports/selftest/json.ts';
import { writeSelftestJunit } from '../../../reports/selftest/junit.ts';
import type { SelftestReport } from '../../model/selftest.ts';

/** Write selftest.json, selftest.html and junit.xml into a folder, each completely or not at all. */
export async function writeSelftest(report: SelftestReport, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = {
    'selftest.json': writeSelftestJson(report),
    'selftest.html': writeSelftestHtml(report),
    'junit.xml': writeSelftestJunit(report),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
  }
}
