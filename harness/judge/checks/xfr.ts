import type { Check } from '../check.ts';
import { xfr02 } from './xfr-algorithms.ts';
import { xfr01 } from './xfr-associations.ts';
import { xfr07 } from './xfr-block.ts';
import { xfr09 } from './xfr-counters.ts';
import { xfr04 } from './xfr-derivation.ts';
import { xfr08 } from './xfr-errors.ts';
import { xfr03 } from './xfr-keys.ts';
import { xfr11 } from './xfr-leftovers.ts';
import { xfr05 } from './xfr-marks.ts';
import { xfr06 } from './xfr-policies.ts';
import { xfr10 } from './xfr-sequence.ts';

/** XFR: the kernel's IPsec state. */
export const xfrChecks: readonly Check[] = [xfr01, xfr02, xfr03, xfr04, xfr05, xfr06, xfr07, xfr08, xfr09, xfr10, xfr11];
