import type { Check } from '../check.ts';
import { cfg01 } from './cfg-enabled.ts';
import { cfg04 } from './cfg-interface.ts';
import { cfg02, cfg03 } from './cfg-key-secret.ts';
import { cfg05 } from './cfg-node-encryption.ts';
import { cfg07 } from './cfg-status.ts';
import { cfg06 } from './cfg-strict-mode.ts';

/** CFG: configuration. */
export const cfgChecks: readonly Check[] = [cfg01, cfg02, cfg03, cfg04, cfg05, cfg06, cfg07];
