import { decodeIpLink } from '../../decode/kernel/ip-link.ts';
import { decodeIpRoute } from '../../decode/kernel/ip-route.ts';
import { decodeIpRule } from '../../decode/kernel/ip-rule.ts';
import { decodeIpStat } from '../../decode/kernel/ip-stat.ts';
import { decodeProcCrypto } from '../../decode/kernel/proc-crypto.ts';
import { decodeXfrmPolicy } from '../../decode/kernel/xfrm-policy.ts';
import { decodeXfrmStat } from '../../decode/kernel/xfrm-stat.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { Recording, Snapshot } from '../../model/recording.ts';
import { decodeCiliumConfig } from '../../stacks/cilium/decode/cilium-config.ts';
import { decodeCiliumStatus } from '../../stacks/cilium/decode/cilium-status.ts';
import { decodeDropCounters } from '../../stacks/cilium/decode/drop-counters.ts';
import { decodeEncryptStatus } from '../../stacks/cilium/decode/encrypt-status.ts';
import { decodeIpcache } from '../../stacks/cilium/decode/ipcache.ts';
import type { NodeState } from './node-state.ts';
import { clockOf, linesOf, versionOf } from './plain-text.ts';
import { decoded, mapped, outputsOf, single, withoutRepeats } from './read-datum.ts';
import { readRouteAnswers } from './route-answers.ts';
import { readWireguard } from './wireguard-reader.ts';

/** What one node said in one snapshot. */
export async function readNode(recording: Recording, node: string, snapshot: Snapshot): Promise<NodeState> {
  const place = { snapshot, node };
  const text = async <T>(collector: string, turn: (text: string) => T | null) =>
    mapped(await outputsOf(recording, place, collector), place, collector, (outputs) => turn(outputs.map((o) => o.text).join('\n')));
  return {
    node,
    snapshot,
    xfrmStates: withoutRepeats(await decoded(recording, place, 'xfrm-state', (t) => decodeXfrmState(t))),
    xfrmPolicies: await decoded(recording, place, 'xfrm-policy', decodeXfrmPolicy),
    xfrmStat: await decoded(recording, place, 'xfrm-stat', decodeXfrmStat),
    ipRules: await decoded(recording, place, 'ip-rule', decodeIpRule),
    ipRules6: await decoded(recording, place, 'ip-rule-6', decodeIpRule),
    table200: await decoded(recording, place, 'ip-route-200', decodeIpRoute),
    routes: await decoded(recording, place, 'ip-route', decodeIpRoute),
    routeAnswers: await readRouteAnswers(recording, place),
    links: await decoded(recording, place, 'ip-link', decodeIpLink),
    wireguard: await readWireguard(recording, place),
    crypto: await decoded(recording, place, 'crypto', decodeProcCrypto),
    uname: await text('uname', (t) => t.trim() || null),
    clock: await text('clock', clockOf),
    ciliumVersion: await text('cilium-version', versionOf),
    ciliumStatus: single(await decoded(recording, place, 'cilium-status', decodeCiliumStatus), place, 'cilium-status'),
    encryptStatus: single(await decoded(recording, place, 'encrypt-status', decodeEncryptStatus), place, 'encrypt-status'),
    ciliumConfig: await decoded(recording, place, 'cilium-config', decodeCiliumConfig),
    ipcache: await decoded(recording, place, 'ipcache', decodeIpcache),
    ipStat: await decoded(recording, place, 'ip-stat', decodeIpStat),
    drops: await decoded(recording, place, 'drop-counters', decodeDropCounters),
    agentLog: await text('agent-log', linesOf),
  };
}
