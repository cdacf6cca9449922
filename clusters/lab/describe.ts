import type { ClusterDescription, PodDescription } from '../../harness/model/cluster.ts';
import { HTTP_PORT } from '../../harness/model/demo-ports.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { succeeded } from '../../harness/proc/run.ts';
import { HEALTH_PORT } from '../../harness/stacks/cilium/names.ts';
import type { PlannedPod, TopologyPlan } from './topology/plan.ts';
import type { Accelerator } from './vm/accelerator.ts';

/** The description of the lab. Versions come from the programs. */
export async function describeLab(plan: TopologyPlan, root: Shell, accelerator: Accelerator): Promise<ClusterDescription> {
  const asked = succeeded(await root.run(['dash', '-c', 'uname -r; ip -V; tcpdump --version 2>&1 | head -n 1; wg --version']), 'lab');
  const [kernel = '', ip = '', tcpdump = '', wireguard = ''] = asked.stdout.split('\n');
  const available = { available: true, reason: 'the lab is made for it' };
  return {
    name: 'lab',
    provider: 'lab',
    environmentClass: 'lab',
    nodes: plan.nodes.map(({ name, addresses, podCidrs, internalAddresses, bootId }) => ({
      name,
      addresses,
      podCidrs,
      internalAddresses,
      health: { addresses: plan.health.filter(({ node }) => node === name).flatMap((endpoint) => endpoint.addresses), port: HEALTH_PORT },
      bootId,
      uplink: 'eth0',
    })),
    pods: plan.pods.map(describeLabPod),
    services: [
      ...plan.services.map(({ name, namespace, addresses, port, backends }) => ({
        ...{ name, namespace, addresses, port },
        backends: backends.map((pod) => `${pod.namespace}/${pod.name}`),
      })),
      ...plan.nodePorts.map(({ name, namespace, port, kind, backend }) => ({
        ...{ name, namespace, addresses: [], port: HTTP_PORT, nodePort: { port, kind } },
        backends: [`${backend.namespace}/${backend.name}`],
      })),
    ],
    outside: plan.outside,
    versions: {
      kernel,
      iproute2: versionIn(ip, /iproute2-([\w.~-]+)/),
      tcpdump: versionIn(tcpdump, /version ([\w.-]+)/),
      'wireguard-tools': versionIn(wireguard, /v?(\d[\w.-]*)/),
    },
    capabilities: {
      'wire-tap': { available: true, reason: 'the bridge between the nodes, in a network namespace of its own' },
      'agent-shell': available,
      faults: available,
      accelerator: { available: accelerator.name !== 'tcg', reason: accelerator.reason },
    },
  };
}

/** The description of a pod. */
export function describeLabPod({ name, namespace, node, addresses, labels, hostInterface }: PlannedPod): PodDescription {
  return { name, namespace, node, addresses, labels, hostInterface, httpPort: HTTP_PORT };
}

function versionIn(text: string, pattern: RegExp): string {
  const version = pattern.exec(text)?.[1];
  if (version === undefined) throw new Error(`lab: no version in ${JSON.stringify(text)}`);
  return version;
}
