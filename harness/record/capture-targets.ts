import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { CaptureTarget } from './capture.ts';

/** The wire, and in each node its uplink, the tunnel and WireGuard devices that are there, and one pod's host side. */
export async function fullCaptures(cluster: Cluster, intent: Intent): Promise<CaptureTarget[]> {
  const targets: CaptureTarget[] = [...tap(cluster)];
  const tunnel = intent.routing === 'native' ? null : `cilium_${intent.routing}`;
  for (const node of cluster.description.nodes) {
    const shell = cluster.host(node.name);
    const listed = await shell.run(['cat', '/proc/net/dev']);
    const interfaces = new Set([...listed.stdout.matchAll(/^ *([^ :]+):/gm)].map((match) => match[1]));
    const add = (vantage: CaptureTarget['vantage'], name: string | null | undefined): void => {
      if (typeof name === 'string' && interfaces.has(name)) targets.push({ vantage, node: node.name, interface: name, shell });
    };
    add('nic', node.uplink);
    add('tunnel', tunnel);
    add('wireguard', 'cilium_wg0');
    add('pod', cluster.description.pods.find((pod) => pod.node === node.name)?.hostInterface);
  }
  return targets;
}

/** The wire, or where there is no tap every node's uplink: once for what is not protected, once for the headers of what is. */
export function windowCaptures(cluster: Cluster): CaptureTarget[] {
  const wire = tap(cluster);
  const places =
    wire.length > 0
      ? wire
      : cluster.description.nodes.map(
          ({ name, uplink }): CaptureTarget => ({ vantage: 'nic', node: name, interface: uplink, shell: cluster.host(name) }),
        );
  return places.flatMap((place) => [
    { ...place, kind: 'sentinel' as const },
    { ...place, kind: 'cipher' as const },
  ]);
}

function tap({ wire }: Cluster): CaptureTarget[] {
  return wire === undefined ? [] : [{ vantage: 'wire', node: null, interface: wire.interface, shell: wire.shell }];
}
