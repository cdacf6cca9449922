import { z } from 'zod';
import { ConfigSchema } from './schema.ts';

/** docs/wirewitness.schema.json: the JSON schema of wirewitness.yaml for editors, as published. */
export function configJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(ConfigSchema, { io: 'input' }), null, 2)}\n`;
}
