import type { Check } from '../../harness/judge/check.ts';
import { cfg01 } from './cfg-01-enabled.ts';
import { cfg04 } from './cfg-04-interface.ts';
import { cfg05 } from './cfg-05-node-encryption.ts';
import { cfg06 } from './cfg-06-strict-mode.ts';
import { cfg07 } from './cfg-07-status.ts';
import { cfg02, cfg03 } from './cfg-key-secret.ts';

/** CFG: configuration. */
export const cfgChecks: readonly Check[] = [cfg01, cfg02, cfg03, cfg04, cfg05, cfg06, cfg07];
