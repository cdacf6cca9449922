import type { AnyCheck } from '../harness/judge/check.ts';
import { cfg01 } from './cfg/cfg-01-enabled.ts';
import { cfg02 } from './cfg/cfg-02-key-secret.ts';
import { cfg03 } from './cfg/cfg-03-per-tunnel-keys.ts';
import { cfg04 } from './cfg/cfg-04-interface.ts';
import { cfg05 } from './cfg/cfg-05-node-encryption.ts';
import { cfg06 } from './cfg/cfg-06-strict-mode.ts';
import { cfg07 } from './cfg/cfg-07-status.ts';
import { cfg08 } from './cfg/cfg-08-ipcache.ts';
import { cfg09 } from './cfg/cfg-09-key-pattern.ts';
import { cfg10 } from './cfg/cfg-10-key-age.ts';
import { cfg11 } from './cfg/cfg-11-load-balancer.ts';
import { evi01 } from './evi/evi-01-secrets.ts';
import { evi02 } from './evi/evi-02-custody.ts';
import { evi03 } from './evi/evi-03-repeat.ts';
import { evi04 } from './evi/evi-04-controls.ts';
import { lif01 } from './lif/lif-01-agent-restart.ts';
import { lif02 } from './lif/lif-02-pods.ts';
import { lif03 } from './lif/lif-03-nodes.ts';
import { lif04 } from './lif/lif-04-disable.ts';
import { lif05 } from './lif/lif-05-upgrade.ts';
import { lif06 } from './lif/lif-06-fail-closed.ts';
import { lif07 } from './lif/lif-07-start.ts';
import { pre01 } from './pre/pre-01-intent.ts';
import { pre02 } from './pre/pre-02-kernel.ts';
import { pre03 } from './pre/pre-03-version.ts';
import { pre04 } from './pre/pre-04-agents.ts';
import { pre05 } from './pre/pre-05-clocks.ts';
import { pre06 } from './pre/pre-06-nodes.ts';
import { pre07 } from './pre/pre-07-means.ts';
import { rot01 } from './rot/rot-01-published.ts';
import { rot02 } from './rot/rot-02-overlap.ts';
import { rot03 } from './rot/rot-03-loss.ts';
import { rot04 } from './rot/rot-04-plaintext.ts';
import { rot05 } from './rot/rot-05-old-key.ts';
import { rot06 } from './rot/rot-06-new-key.ts';
import { rot07 } from './rot/rot-07-session.ts';
import { rul01 } from './rul/rul-01-rules.ts';
import { rul02 } from './rul/rul-02-table.ts';
import { rul03 } from './rul/rul-03-route.ts';
import { tls01 } from './tls/tls-01-records.ts';
import { tls02 } from './tls/tls-02-version-and-suite.ts';
import { tls03 } from './tls/tls-03-group.ts';
import { tls04 } from './tls/tls-04-identities.ts';
import { tls05 } from './tls/tls-05-certificates.ts';
import { tls06 } from './tls/tls-06-refused.ts';
import { tls07 } from './tls/tls-07-renewal.ts';
import { tls08 } from './tls/tls-08-same-node.ts';
import { tls09 } from './tls/tls-09-kernel.ts';
import { tls11 } from './tls/tls-11-handshake.ts';
import { tls12 } from './tls/tls-12-enrolled.ts';
import { wgd01 } from './wgd/wgd-01-device.ts';
import { wgd02 } from './wgd/wgd-02-peers.ts';
import { wgd03 } from './wgd/wgd-03-keys.ts';
import { wgd04 } from './wgd/wgd-04-allowed-ips.ts';
import { wgd05 } from './wgd/wgd-05-handshakes.ts';
import { wgd06 } from './wgd/wgd-06-transfer.ts';
import { wgd07 } from './wgd/wgd-07-preshared.ts';
import { wir01 } from './wir/wir-01-plaintext.ts';
import { wir02 } from './wir/wir-02-ciphertext.ts';
import { wir03 } from './wir/wir-03-canaries.ts';
import { wir04 } from './wir/wir-04-account.ts';
import { wir05 } from './wir/wir-05-order.ts';
import { wir06 } from './wir/wir-06-spis.ts';
import { wir07 } from './wir/wir-07-decryption.ts';
import { wir08 } from './wir/wir-08-wireguard.ts';
import { wir09 } from './wir/wir-09-sequence.ts';
import { wir10 } from './wir/wir-10-large.ts';
import { wir11 } from './wir/wir-11-matrix.ts';
import { wir12 } from './wir/wir-12-clear.ts';
import { wir13 } from './wir/wir-13-tap.ts';
import { wir14 } from './wir/wir-14-inbound.ts';
import { wir15 } from './wir/wir-15-minutes.ts';
import { wir16 } from './wir/wir-16-flow-log.ts';
import { xfr01 } from './xfr/xfr-01-associations.ts';
import { xfr02 } from './xfr/xfr-02-algorithms.ts';
import { xfr03 } from './xfr/xfr-03-keys.ts';
import { xfr04 } from './xfr/xfr-04-derivation.ts';
import { xfr05 } from './xfr/xfr-05-marks.ts';
import { xfr06 } from './xfr/xfr-06-policies.ts';
import { xfr07 } from './xfr/xfr-07-block.ts';
import { xfr08 } from './xfr/xfr-08-errors.ts';
import { xfr09 } from './xfr/xfr-09-counters.ts';
import { xfr10 } from './xfr/xfr-10-sequence.ts';
import { xfr11 } from './xfr/xfr-11-leftovers.ts';

/** Every check, in the order of the report. Ids are stable: JUnit, the evidence pack and the documentation use them. */
export const catalogue: readonly AnyCheck[] = [
  ...[pre01, pre02, pre03, pre04, pre05, pre06, pre07],
  ...[cfg01, cfg02, cfg03, cfg04, cfg05, cfg06, cfg07, cfg08, cfg09, cfg10, cfg11],
  ...[xfr01, xfr02, xfr03, xfr04, xfr05, xfr06, xfr07, xfr08, xfr09, xfr10, xfr11],
  ...[rul01, rul02, rul03],
  ...[wgd01, wgd02, wgd03, wgd04, wgd05, wgd06, wgd07],
  ...[tls01, tls02, tls03, tls04, tls05, tls06, tls07, tls08, tls09, tls11, tls12],
  ...[wir01, wir02, wir03, wir04, wir05, wir06, wir07, wir08, wir09, wir10, wir11, wir12, wir13, wir14, wir15, wir16],
  ...[rot01, rot02, rot03, rot04, rot05, rot06, rot07],
  ...[lif01, lif02, lif03, lif04, lif05, lif06, lif07],
  ...[evi01, evi02, evi03, evi04],
];

/** The checks of one topic, the letters before the dash of their ids. */
export function checksOf(topic: string): readonly AnyCheck[] {
  return catalogue.filter(({ id }) => id.startsWith(`${topic}-`));
}
