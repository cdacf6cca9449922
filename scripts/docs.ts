/** `npm run docs`: writes again the parts of docs/ that come from the code. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../harness/run/config/json-schema.ts';
import { withChecksTable } from './checks-table.ts';
import { withFaultsTable } from './faults-table.ts';
import { ROOT } from './tool.ts';

writeFileSync(join(ROOT, 'docs/wirewitness.schema.json'), configJsonSchema());
const checks = join(ROOT, 'docs/checks.md');
writeFileSync(checks, withChecksTable(readFileSync(checks, 'utf8')));
const faults = join(ROOT, 'docs/faults.md');
writeFileSync(faults, withFaultsTable(readFileSync(faults, 'utf8')));
