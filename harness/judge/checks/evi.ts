import type { CheckStatement } from '../../model/report.ts';
import type { Check } from '../check.ts';
import { controlsRan } from './evi-controls.ts';
import { evi02 } from './evi-custody.ts';
import { evi03 } from './evi-repeat.ts';
import { evi01 } from './evi-secrets.ts';

/** EVI: the evidence itself, judged after all others. */
export function eviChecks(others: readonly CheckStatement[]): readonly Check[] {
  return [evi01, evi02, evi03, controlsRan(others)];
}
