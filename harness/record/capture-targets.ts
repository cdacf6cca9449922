import type { Cluster, PodDescription } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { reachedNodes } from '../model/scope.ts';
import { LIMITS_MS } from '../proc/limits.ts';
import { asUnanswered } from '../proc/unanswered.ts';
import { stackOf } from '../stacks/stack-of.ts';
import type { CaptureTarget } from './capture.ts';

const PROC_NET_DEV = ['cat', '/proc/net/dev'];

/** The wire, and in each node its uplink, its tunnel and WireGuard devices, and the host side of one pod. */
export async function fullCaptures(cluster: Cluster, intent: Intent): Promise<CaptureTarget[]> {
  const targets: CaptureTarget[] = [...tap(cluster)];
  const { tunnel, wireguard } = stackOf(intent).devices(intent);
  for (const node of reachedNodes(cluster.description)) {
    const shell = cluster.host(node.name);
    const listed = await shell.run(PROC_NET_DEV, { timeoutMs: LIMITS_MS.read, idempotent: true }).catch(asUnanswered(PROC_NET_DEV));
    const interfaces = new Set([...listed.stdout.matchAll(/^ *([^ :]+):/gm)].map((match) => match[1]));
    const add = (vantage: CaptureTarget['vantage'], name: string | null | undefined): void => {
      // If a node does not list its devices, its uplink is tried: the capture then shows what is wrong.
      if (typeof name === 'string' && (interfaces.has(name) || (listed.exitCode !== 0 && vantage === 'nic')))
        targets.push({ vantage, node: node.name, interface: name, shell });
    };
    add('nic', node.uplink);
    add('tunnel', tunnel);
    add('wireguard', wireguard);
    const own = cluster.description.pods.filter((pod) => pod.node === node.name);
    for (const pod of podsShown(cluster, intent, own)) add('pod', pod.hostInterface);
  }
  return targets;
}

/**
 * Pods whose veth is captured: one on each node, or all of them if nothing else shows their packets before encryption (no un-encrypted
 * phase, no tunnel device and no WireGuard device), or if they encrypt what they send to pods of their own node too.
 */
function podsShown({ enableEncryption }: Cluster, { mode, routing }: Intent, pods: readonly PodDescription[]): readonly PodDescription[] {
  const all = mode === 'tls' || (enableEncryption === undefined && mode === 'ipsec' && routing === 'native');
  return all ? pods : pods.slice(0, 1);
}

/** Where a window is captured: the wire, or without a capture point there the uplink of every node. */
export function windowPlaces(cluster: Cluster): CaptureTarget[] {
  const wire = tap(cluster);
  if (wire.length > 0) return wire;
  return reachedNodes(cluster.description).map(({ name, uplink }) => ({
    vantage: 'nic',
    node: name,
    interface: uplink,
    shell: cluster.host(name),
  }));
}

/**
 * The wire, or without a capture point there the uplink of every node: one capture for what is not protected, one for the headers of what
 * is.
 */
export function windowCaptures(cluster: Cluster): CaptureTarget[] {
  return windowPlaces(cluster).flatMap((place) => [
    { ...place, kind: 'sentinel' as const },
    { ...place, kind: 'cipher' as const },
  ]);
}

function tap({ wire }: Cluster): CaptureTarget[] {
  return wire === undefined ? [] : [{ vantage: 'wire', node: null, interface: wire.interface, shell: wire.shell }];
}
