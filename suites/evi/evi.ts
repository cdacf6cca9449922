import type { Check } from '../../harness/judge/check.ts';
import type { CheckStatement } from '../../harness/model/report.ts';
import { evi01 } from './evi-01-secrets.ts';
import { evi02 } from './evi-02-custody.ts';
import { evi03 } from './evi-03-repeat.ts';
import { controlsRan } from './evi-04-controls.ts';

/** EVI: the evidence itself, judged after all others. */
export function eviChecks(others: readonly CheckStatement[]): readonly Check[] {
  return [evi01, evi02, evi03, controlsRan(others)];
}
