import type { Check } from '../harness/judge/check.ts';
import { cfgChecks } from './cfg/cfg.ts';
import { eviChecks } from './evi/evi.ts';
import { lifChecks } from './lif/lif.ts';
import { preChecks } from './pre/pre.ts';
import { rotChecks } from './rot/rot.ts';
import { rulChecks } from './rul/rul.ts';
import { wgdChecks } from './wgd/wgd.ts';
import { wirChecks } from './wir/wir.ts';
import { xfrChecks } from './xfr/xfr.ts';

const examined: readonly Check[] = [
  ...preChecks,
  ...cfgChecks,
  ...xfrChecks,
  ...rulChecks,
  ...wgdChecks,
  ...wirChecks,
  ...rotChecks,
  ...lifChecks,
];

/** Every check, in the order of the report. Ids are stable: they stand in JUnit, in the evidence pack and in the documentation. */
export const catalogue: readonly Check[] = [...examined, ...eviChecks(examined)];
