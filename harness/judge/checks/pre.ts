import type { Check } from '../check.ts';
import { pre04 } from './pre-agents.ts';
import { pre05 } from './pre-clocks.ts';
import { pre01 } from './pre-intent.ts';
import { pre02 } from './pre-kernel.ts';
import { pre03 } from './pre-version.ts';

/** PRE: what we are looking at. */
export const preChecks: readonly Check[] = [pre01, pre02, pre03, pre04, pre05];
