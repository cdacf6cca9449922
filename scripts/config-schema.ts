/** `npm run config-schema`: writes docs/wirewitness.schema.json again after the config file's shape changed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema } from '../harness/run/config/json-schema.ts';
import { ROOT } from './tool.ts';

writeFileSync(join(ROOT, 'docs/wirewitness.schema.json'), configJsonSchema());
