import * as z from 'zod';
import type { Data } from './data.ts';

/** What the recorder says of the keys whose fingerprints are in the outputs: by it a key that anybody guesses is told without its bytes. */
export const KEY_PATTERNS_FILE = 'key-patterns.json';

/**
 * `all-zero`: nothing but zeros. `repeated`: a part of at most half its length, over and over. `counting`: each byte is the one before
 * plus the same number. `published`: printed in public documentation or tests. `none`: none of these.
 */
const keyPatternSchema = z.enum(['none', 'all-zero', 'repeated', 'counting', 'published']);
export type KeyPattern = Data<typeof keyPatternSchema>;

export const keyPatternsSchema = z.object({
  schema: z.literal(1),
  /** By keyed fingerprint. */
  keys: z.record(z.string(), keyPatternSchema),
});
