import type { Check } from '../check.ts';
import { wgd04 } from './wgd-allowed-ips.ts';
import { wgd01 } from './wgd-device.ts';
import { wgd05 } from './wgd-handshakes.ts';
import { wgd03 } from './wgd-keys.ts';
import { wgd02 } from './wgd-peers.ts';
import { wgd06 } from './wgd-transfer.ts';

/** WGD: WireGuard. */
export const wgdChecks: readonly Check[] = [wgd01, wgd02, wgd03, wgd04, wgd05, wgd06];
