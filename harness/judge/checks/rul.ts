import type { Check } from '../check.ts';
import { rul03 } from './rul-route.ts';
import { rul01 } from './rul-rules.ts';
import { rul02 } from './rul-table.ts';

/** RUL: routing. */
export const rulChecks: readonly Check[] = [rul01, rul02, rul03];
