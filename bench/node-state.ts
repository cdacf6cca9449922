import type { Check } from '../harness/judge/check.ts';
import type { Facts } from '../harness/judge/facts.ts';
import { verdictOf } from '../harness/judge/judge.ts';
import { readState } from '../harness/judge/state/state-facts.ts';
import type { ClusterDescription } from '../harness/model/cluster.ts';
import { profileOf } from '../harness/stacks/stack-of.ts';
import { healthyOutputs } from '../harness/testing/healthy-outputs.ts';
import { buildRecording, instantAt, type OutputParts } from '../harness/testing/recording.ts';
import { checksOf } from '../suites/catalogue.ts';

/** The checks that compare what one node holds with every other node. */
const CHECKS = ['CFG-08', 'WGD-02', 'WGD-04'] as const;
/** Times each is judged; the fastest counts. */
const RUNS = 3;
const PODS_PER_NODE = 20;

/** What judging one node of a cluster took. */
export interface NodeStateResult {
  readonly nodes: number;
  /** Seconds of the processor, by check. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Each check found the fault that was planted for it, and no other. */
  readonly right: boolean;
}

/** One node that has a peer for every other node and an entry for every pod of a cluster, with a fault for each check. */
export async function judgeNodeState(count: number): Promise<NodeStateResult> {
  const facts = await factsOf(count);
  const seconds: Record<string, number> = {};
  let right = true;
  for (const check of checksOf('CFG').concat(checksOf('WGD'))) {
    if (!CHECKS.some((id) => id === check.id) || !('judge' in check)) continue;
    const took = Array.from({ length: RUNS }, () => {
      const started = process.cpuUsage();
      const { facts: found, omitted, verdict } = verdictOf(check, facts, (x) => (check as Check).judge(x));
      const { user, system } = process.cpuUsage(started);
      if (process.env.D) console.log(check.id, verdict, omitted, JSON.stringify(found).slice(0, 900));
      right &&= verdict === 'contradicts' && found.length + omitted === 1;
      return (user + system) / 1e6;
    });
    seconds[check.id] = Math.min(...took);
  }
  console.log(
    `${count} nodes, ${count * PODS_PER_NODE} pods, what one node holds: ${CHECKS.map((id) => `${id} ${((seconds[id] ?? 0) * 1000).toFixed(1)} ms`).join(', ')}; ${right ? 'all as planted' : 'NOT as planted'}`,
  );
  return { nodes: count, seconds, right };
}

const two = (index: number): string => `${index >> 8}.${index & 255}`;
const nodeAddress = (index: number): string => `172.${20 + (index >> 16)}.${two(index & 0xffff)}`;
const podAddress = (index: number, pod: number): string => `10.${two(index)}.${pod + 10}`;
const keyOf = (index: number): string => Buffer.alloc(32, Buffer.from([index >> 8, index & 255, 7])).toString('base64');

async function factsOf(count: number): Promise<Facts> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const others = indexes.slice(1);
  const cluster: ClusterDescription = {
    ...{ name: 'simulated', provider: 'simulation', environmentClass: 'lab', services: [], versions: {}, capabilities: {} },
    nodes: indexes.map((index) => ({
      name: `node${index + 1}`,
      addresses: [nodeAddress(index)],
      podCidrs: [`10.${two(index)}.0/24`],
      internalAddresses: [`10.${two(index)}.1`],
      uplink: 'eth0',
    })),
    pods: indexes.flatMap((index) =>
      Array.from({ length: PODS_PER_NODE }, (_, pod) => ({
        ...{ namespace: 'default', name: `pod-${index}-${pod}`, node: `node${index + 1}` },
        ...{ addresses: [podAddress(index, pod)], labels: {} },
      })),
    ),
  };
  const peers = (value: (index: number) => string): string => others.map((index) => `${keyOf(index)}\t${value(index)}\n`).join('');
  const texts: Readonly<Record<string, string>> = {
    ipcache: ['IP PREFIX/ADDRESS   IDENTITY', ...others.flatMap((index) => entriesOf(index, count))].join('\n'),
    'wg-peers': others.map((index) => `${keyOf(index)}\n`).join(''),
    // The last peer has another port.
    'wg-endpoints': peers((index) => `${nodeAddress(index)}:${index === count - 1 ? 51872 : 51871}`),
    // The last but one has the address of another node too.
    'wg-allowed-ips': peers((index) => `${nodeAddress(index)}/32${index === count - 2 ? ` ${podAddress(5, 200)}/32` : ''}`),
    'wg-latest-handshakes': peers(() => String(Date.parse(instantAt(5).utc) / 1000)),
    'wg-transfer': peers(() => '9000\t9000'),
  };
  const outputs = healthyOutputs('wireguard').filter(({ snapshot, node }) => snapshot === 'before' && node === 'node1');
  const counted = (text: string): string => text.replace(/(Peers: |Number of peers: )1/, `$1${others.length}`);
  const own = outputs.map((output): OutputParts => ({ ...output, stdout: texts[output.collector] ?? counted(output.stdout) }));
  const map: OutputParts = { snapshot: 'before', node: 'node1', collector: 'ipcache', stdout: texts.ipcache ?? '' };
  // Made for two nodes: what a recording of the whole cluster would have of the others is not asked for.
  const small = buildRecording({ intent: { mode: 'wireguard' }, outputs: [...own, map] });
  const manifest = { ...small.manifest, cluster };
  const none = { taken: [], gaps: [] };
  return {
    ...{ manifest, profile: profileOf(manifest.intent), state: await readState(small) },
    ...{ wire: { captures: [], flows: [] }, window: { events: [], states: none, nodeObjects: none, handshakes: none, certificates: none } },
    evidence: { files: 0, bytes: 0, secrets: [], gaps: [], control: { planted: 0, missed: [] }, knownWindows: null },
  };
}

/** The entries for the pods of a node; one of the last node has the key of clear traffic. */
function entriesOf(index: number, count: number): string[] {
  return Array.from({ length: PODS_PER_NODE }, (_, pod) => {
    const key = index === count - 1 && pod === 0 ? 0 : 255;
    return `${podAddress(index, pod)}/32   identity=${1000 + index} encryptkey=${key} tunnelendpoint=${nodeAddress(index)} flags=<none>`;
  });
}
