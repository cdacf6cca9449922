import type { Check } from '../check.ts';
import { rot05, rot06 } from './rot-old-key.ts';
import { rot02 } from './rot-overlap.ts';
import { rot01 } from './rot-published.ts';
import { rot07 } from './rot-session.ts';
import { rot03, rot04 } from './rot-traffic.ts';

/** ROT: key rotation under load. */
export const rotChecks: readonly Check[] = [rot01, rot02, rot03, rot04, rot05, rot06, rot07];
