import type { Check } from '../check.ts';
import { lif06 } from './lif-closed.ts';
import { lif04 } from './lif-disable.ts';
import { lif03 } from './lif-nodes.ts';
import { lif02 } from './lif-pods.ts';
import { lif01, lif05 } from './lif-restart.ts';

/** LIF: what happens to protection when the cluster changes. */
export const lifChecks: readonly Check[] = [lif01, lif02, lif03, lif04, lif05, lif06];
