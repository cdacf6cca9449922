import { decodeIpLink } from '../../decode/kernel/ip-link.ts';
import { decodeIpRoute, decodeIpRouteGet } from '../../decode/kernel/ip-route.ts';
import { decodeIpRule } from '../../decode/kernel/ip-rule.ts';
import { decodeIpStat } from '../../decode/kernel/ip-stat.ts';
import { decodeKernelMeans } from '../../decode/kernel/kernel-means.ts';
import { decodeKernelTlsCounters, decodeKernelTlsSockets } from '../../decode/kernel/kernel-tls.ts';
import { decodeProcCrypto } from '../../decode/kernel/proc-crypto.ts';
import { decodeXfrmPolicy } from '../../decode/kernel/xfrm-policy.ts';
import { decodeXfrmStat } from '../../decode/kernel/xfrm-stat.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { Recording, Snapshot } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import type { Datum, NodeState, RouteAnswer } from './node-state.ts';
import { decoded, mapDatum, outputsOf, type Place, readAll, readOne, unknown, withoutRepeats } from './read-datum.ts';
import { readWireguard } from './wireguard-reader.ts';

/** The outputs of one node in one snapshot, decoded. */
export async function readNode(recording: Recording, node: string, snapshot: Snapshot): Promise<NodeState> {
  const place = { snapshot, node };
  const { readings, meshReadings } = stackOf(recording.manifest.intent);
  const text = async <T>(collector: string, turn: (text: string) => T | null) =>
    mapDatum(await outputsOf(recording, place, collector), place, collector, (outputs) => turn(outputs.map((o) => o.text).join('\n')));
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
    addresses: await text('ip-addr', addressesOf),
    wireguard: await readWireguard(recording, place),
    crypto: await decoded(recording, place, 'crypto', decodeProcCrypto),
    kernelMeans: await readOne(recording, place, { collector: 'kernel-means', decode: decodeKernelMeans }),
    uname: await text('uname', (t) => t.trim() || null),
    clock: await text('clock', clockOf),
    agentVersion: await readOne(recording, place, readings?.agentVersion),
    agentStatus: await readOne(recording, place, readings?.agentStatus),
    encryptionStatus: await readOne(recording, place, readings?.encryptionStatus),
    agentConfig: await readAll(recording, place, readings?.agentConfig),
    configDrift: await readAll(recording, place, readings?.configDrift),
    addressMap: await readAll(recording, place, readings?.addressMap),
    ipStat: await decoded(recording, place, 'ip-stat', decodeIpStat),
    drops: await readAll(recording, place, readings?.drops),
    flowLog: await readAll(recording, place, readings?.flowLog),
    proxyConnections: await readAll(recording, place, meshReadings?.connections),
    proxyCertificates: await readAll(recording, place, meshReadings?.certificates),
    proxyRoots: await readAll(recording, place, meshReadings?.roots),
    kernelTlsCounters: await decoded(recording, place, 'tls-stat', decodeKernelTlsCounters),
    kernelTlsSockets: await decoded(recording, place, 'tls-sockets', decodeKernelTlsSockets),
    proxyPeers: await readAll(recording, place, meshReadings?.peers),
    enrolment: await readAll(recording, place, meshReadings?.enrolment?.of === 'node' ? meshReadings.enrolment : undefined),
    agentLog: await text('agent-log', linesOf),
  };
}

/** Unix milliseconds of `date +%s.%N`, `date +%s` or an ISO 8601 time; null for any other text. */
function clockOf(text: string): number | null {
  const line = text.trim();
  if (/^\d{9,11}(\.\d+)?$/.test(line)) return Number(line) * 1000;
  const parsed = /^\d{4}-\d\d-\d\dT/.test(line) ? Date.parse(line) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}

/** The addresses of `ip addr show`; its many other fields are not read. */
function addressesOf(text: string): readonly string[] | null {
  const found = [...text.matchAll(/^\s+inet6? ([0-9a-f.:]+)[/ ]/gm)].map(([, address = '']) => address);
  return found.length === 0 ? null : found;
}

/** Lines that are not blank. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** The answers of every `ip route get` at a place, each with the destination and the mark it was asked with. */
async function readRouteAnswers(recording: Recording, place: Place): Promise<Datum<readonly RouteAnswer[]>> {
  const outputs = await outputsOf(recording, place, 'ip-route-get');
  if (!outputs.ok) return outputs;
  const answers: RouteAnswer[] = [];
  for (const { command, text } of outputs.value) {
    const { items, unparsed } = decodeIpRouteGet(text);
    const route = items[0];
    const destination = command.argv[command.argv.indexOf('get') + 1];
    if (route === undefined || destination === undefined || unparsed.length > 0)
      return unknown(place, 'ip-route-get', `the answer of \`${command.argv.join(' ')}\` was not understood`, [command.stdout]);
    const mark = command.argv.includes('mark') ? Number(command.argv[command.argv.indexOf('mark') + 1]) : 0;
    // The kernel repeats the mark that it was asked with.
    if (route.mark !== undefined && route.mark !== mark)
      return unknown(place, 'ip-route-get', `asked with mark ${hex(mark)}, it answered for mark ${hex(route.mark)}`, [command.stdout]);
    answers.push({ destination, mark, route });
  }
  return { ...outputs, value: answers };
}

function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}
