import type { Check } from '../../harness/judge/check.ts';
import { xfr01 } from './xfr-01-associations.ts';
import { xfr02 } from './xfr-02-algorithms.ts';
import { xfr03 } from './xfr-03-keys.ts';
import { xfr04 } from './xfr-04-derivation.ts';
import { xfr05 } from './xfr-05-marks.ts';
import { xfr06 } from './xfr-06-policies.ts';
import { xfr07 } from './xfr-07-block.ts';
import { xfr08 } from './xfr-08-errors.ts';
import { xfr09 } from './xfr-09-counters.ts';
import { xfr10 } from './xfr-10-sequence.ts';
import { xfr11 } from './xfr-11-leftovers.ts';

/** XFR: the kernel's IPsec state. */
export const xfrChecks: readonly Check[] = [xfr01, xfr02, xfr03, xfr04, xfr05, xfr06, xfr07, xfr08, xfr09, xfr10, xfr11];
