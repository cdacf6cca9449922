import type { Check } from '../../harness/judge/check.ts';
import { rot01 } from './rot-01-published.ts';
import { rot02 } from './rot-02-overlap.ts';
import { rot07 } from './rot-07-session.ts';
import { rot05, rot06 } from './rot-old-key.ts';
import { rot03, rot04 } from './rot-traffic.ts';

/** ROT: key rotation under load. */
export const rotChecks: readonly Check[] = [rot01, rot02, rot03, rot04, rot05, rot06, rot07];
