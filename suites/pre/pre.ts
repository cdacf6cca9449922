import type { Check } from '../../harness/judge/check.ts';
import { pre01 } from './pre-01-intent.ts';
import { pre02 } from './pre-02-kernel.ts';
import { pre03 } from './pre-03-version.ts';
import { pre04 } from './pre-04-agents.ts';
import { pre05 } from './pre-05-clocks.ts';

/** PRE: what we are looking at. */
export const preChecks: readonly Check[] = [pre01, pre02, pre03, pre04, pre05];
