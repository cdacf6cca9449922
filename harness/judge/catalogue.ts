import type { Check } from './check.ts';
import { cfgChecks } from './checks/cfg.ts';
import { eviChecks } from './checks/evi.ts';
import { lifChecks } from './checks/lif.ts';
import { preChecks } from './checks/pre.ts';
import { rotChecks } from './checks/rot.ts';
import { rulChecks } from './checks/rul.ts';
import { wgdChecks } from './checks/wgd.ts';
import { wirChecks } from './checks/wir.ts';
import { xfrChecks } from './checks/xfr.ts';

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
