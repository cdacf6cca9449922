import type { Check } from '../../harness/judge/check.ts';
import { wgd01 } from './wgd-01-device.ts';
import { wgd02 } from './wgd-02-peers.ts';
import { wgd03 } from './wgd-03-keys.ts';
import { wgd04 } from './wgd-04-allowed-ips.ts';
import { wgd05 } from './wgd-05-handshakes.ts';
import { wgd06 } from './wgd-06-transfer.ts';

/** WGD: WireGuard. */
export const wgdChecks: readonly Check[] = [wgd01, wgd02, wgd03, wgd04, wgd05, wgd06];
