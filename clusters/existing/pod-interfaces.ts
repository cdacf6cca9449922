import type { PodDescription } from '../../harness/model/cluster.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { succeeded } from '../../harness/proc/run.ts';

const ASKING = { timeoutMs: LIMITS_MS.read, idempotent: true };
/** The pod's device, with the name that every CNI plugin uses. */
const PEER_INDEX = '/sys/class/net/eth0/iflink';
const INDEXES = 'for d in /sys/class/net/*; do echo "$(cat $d/ifindex) $(basename $d)"; done';

/**
 * Pods with the host's end of their veth, where a capture always sees plaintext: the index of the other end of a pod's device, looked up on
 * its node. A pod without such a device stays without one.
 */
export async function withHostInterfaces(
  pods: readonly PodDescription[],
  inside: (pod: PodDescription) => Shell,
  host: (node: string) => Shell | undefined,
): Promise<PodDescription[]> {
  const byNode = new Map<string, ReadonlyMap<string, string>>();
  for (const node of new Set(pods.map((pod) => pod.node))) {
    const shell = host(node);
    if (shell === undefined) continue;
    byNode.set(node, interfacesIn(succeeded(await shell.run(['sh', '-c', INDEXES], ASKING), shell.name).stdout));
  }
  return Promise.all(
    pods.map(async (pod) => {
      const asked = await inside(pod).run(['cat', PEER_INDEX], ASKING);
      const hostInterface = asked.exitCode === 0 ? byNode.get(pod.node)?.get(asked.stdout.trim()) : undefined;
      return hostInterface === undefined ? pod : { ...pod, hostInterface };
    }),
  );
}

/** Interface names by index, from lines `INDEX NAME`. */
export function interfacesIn(listing: string): ReadonlyMap<string, string> {
  return new Map([...listing.matchAll(/^(\d+) (\S+)$/gm)].map((match) => [String(match[1]), String(match[2])]));
}
