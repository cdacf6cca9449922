import type { Shell } from '../../../harness/model/shell.ts';
import { succeeded } from '../../../harness/proc/run.ts';

/** Where containerd keeps the pods' network namespaces, and where the host's end of each pod's veth is. */
export interface PodNetns {
  readonly path: string;
  /** Host side of the pod's veth. */
  readonly hostInterface: string;
}

/**
 * A line for each network namespace with an eth0: its path, the address in it, and the device with the number that eth0 names as its other
 * end. The route to the address may name another device: with Cilium that of the agent.
 */
const SCRIPT = `for n in /run/netns/*; do
  p=$(nsenter --net=$n ip -o link show dev eth0 2>/dev/null | sed -n 's/^[0-9]*: eth0@if\\([0-9]*\\): .*/\\1/p')
  [ -n "$p" ] || continue
  d=$(ip -o link show | sed -n "s/^$p: \\([^@:]*\\)[@:].*/\\1/p")
  for i in $(nsenter --net=$n ip -o addr show dev eth0 scope global | sed 's/.* inet6\\{0,1\\} \\([^/ ]*\\).*/\\1/'); do echo "$n $i $d"; done
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
