import type { Shell } from '../../../harness/model/shell.ts';
import { succeeded } from '../../../harness/proc/run.ts';

/** Where containerd keeps the pods' network namespaces, and where the host's end of each pod's veth is. */
export interface PodNetns {
  readonly path: string;
  /** Host side of the pod's veth. */
  readonly hostInterface: string;
}

/** A line for each network namespace with an eth0: its path, the address in it, and the device to it. */
const SCRIPT = `for n in /run/netns/*; do
  a=$(nsenter --net=$n ip -o addr show dev eth0 scope global 2>/dev/null | sed 's/.* inet6\\{0,1\\} \\([^/ ]*\\).*/\\1/') || continue
  for i in $a; do echo "$n $i $(ip -o route get $i | sed 's/.* dev \\([^ ]*\\).*/\\1/')"; done
done`;

/** Network namespaces of the pods of a node, by pod address. @param node a shell in the node container */
export async function podNamespaces(node: Shell): Promise<ReadonlyMap<string, PodNetns>> {
  const { stdout } = succeeded(await node.run(['sh', '-c', SCRIPT], { timeoutMs: 60_000 }), node.name);
  const found = new Map<string, PodNetns>();
  for (const line of stdout.split('\n')) {
    const [path, address, hostInterface] = line.split(' ');
    if (path !== undefined && address !== undefined && hostInterface !== undefined) found.set(address, { path, hostInterface });
  }
  return found;
}
