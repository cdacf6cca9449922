/** Every generated file, or generated part of a file: `npm run docs` writes it, generated.test.ts compares it with the code. */

import { z } from 'zod';
import { advisorySchema } from '../harness/model/advisory.ts';
import { RECORDING_SCHEMA, recordingManifestSchema } from '../harness/model/recording.ts';
import { REPORT_SCHEMA, reportSchema } from '../harness/model/report.ts';
import { configJsonSchema } from '../harness/run/config/json-schema.ts';
import { advisoriesTable } from './advisories-table.ts';
import { attacksTables } from './attacks-table.ts';
import { checksTable, remediesTable } from './checks-table.ts';
import { digestsTable } from './digests-table.ts';
import { faultsTables } from './faults-table.ts';
import { arrowsTable, biomeOverrides } from './fences.ts';
import { flowsTable } from './flows-table.ts';
import { realRunsTable } from './real-runs-table.ts';
import { versionsTable } from './versions-table.ts';

/** A file below the root, and its required content, computed from its current text. */
interface GeneratedFile {
  readonly file: string;
  readonly write: (now: string) => string;
}

/** The JSON schema of a published file. It allows additional fields of later versions. */
function published(schema: z.ZodType, name: string, version: number): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', reused: 'ref' });
  return `${JSON.stringify({ $schema, $id: `urn:wirewitness:${name}:${version}`, title: `wirewitness ${name}`, ...rest }, null, 2)}\n`;
}

export const GENERATED: readonly GeneratedFile[] = [
  { file: 'docs/report.schema.json', write: () => published(reportSchema, 'report.json', REPORT_SCHEMA) },
  { file: 'docs/manifest.schema.json', write: () => published(recordingManifestSchema, 'manifest.json', RECORDING_SCHEMA) },
  { file: 'docs/wirewitness.schema.json', write: () => configJsonSchema() },
  { file: 'docs/advisory.schema.json', write: () => published(advisorySchema, 'advisory', 1) },
  { file: 'docs/advisories.md', write: (page) => withSection(page, 'advisories', advisoriesTable()) },
  { file: 'docs/checks.md', write: (page) => withSection(withSection(page, 'checks', checksTable()), 'remedies', remediesTable()) },
  { file: 'docs/faults.md', write: (page) => withSection(page, 'faults', faultsTables()) },
  { file: 'docs/flows.md', write: (page) => withSection(page, 'flows', flowsTable()) },
  { file: 'docs/attacks.md', write: (page) => withSection(page, 'attacks', attacksTables()) },
  { file: 'docs/scale.md', write: (page) => withSection(page, 'digests', digestsTable()) },
  { file: 'docs/versions.md', write: (page) => withSection(page, 'versions', versionsTable()) },
  { file: 'docs/verified.md', write: (page) => withSection(page, 'real agents', realRunsTable()) },
  { file: 'CONTRIBUTING.md', write: (page) => withSection(page, 'rooms', arrowsTable()) },
  { file: 'biome.json', write: (text) => `${JSON.stringify({ ...JSON.parse(text), overrides: biomeOverrides() }, null, 2)}\n` },
];

/** The page with the text between its two markers. @throws when a marker is missing */
export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: written by npm run docs -->`, `<!-- /${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page lacks ${begin} or ${end}`);
  return `${page.slice(0, from)}${begin}\n${text}\n${page.slice(to)}`;
}
