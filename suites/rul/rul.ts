import type { Check } from '../../harness/judge/check.ts';
import { rul01 } from './rul-01-rules.ts';
import { rul02 } from './rul-02-table.ts';
import { rul03 } from './rul-03-route.ts';

/** RUL: routing. */
export const rulChecks: readonly Check[] = [rul01, rul02, rul03];
