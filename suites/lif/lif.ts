import type { Check } from '../../harness/judge/check.ts';
import { lif02 } from './lif-02-pods.ts';
import { lif03 } from './lif-03-nodes.ts';
import { lif04 } from './lif-04-disable.ts';
import { lif06 } from './lif-06-closed.ts';
import { lif01, lif05 } from './lif-restart.ts';

/** LIF: what happens to protection when the cluster changes. */
export const lifChecks: readonly Check[] = [lif01, lif02, lif03, lif04, lif05, lif06];
