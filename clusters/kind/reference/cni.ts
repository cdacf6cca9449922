import type { Shell } from '../../../harness/model/shell.ts';
import { succeeded } from '../../../harness/proc/run.ts';

const FILE = '/etc/cni/net.d/10-wirewitness.conflist';

/**
 * The pod network of one node in kind's own plugins (ptp, host-local, portmap): a veth for each pod, with an address from the node's pod
 * CIDR.
 */
export function cniConfig(podCidr: string): string {
  const ranges = [[{ subnet: podCidr }]];
  return `${JSON.stringify({
    cniVersion: '0.4.0',
    name: 'wirewitness',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        mtu: 1500,
        ipam: { type: 'host-local', dataDir: '/run/cni-ipam-state', routes: [{ dst: '0.0.0.0/0' }], ranges },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  })}\n`;
}

/**
 * Give a node its pod network. Routes between nodes belong to the datapath. The file is renamed into place, because the kubelet reads it at
 * any time.
 */
export async function installCni(node: Shell, podCidr: string): Promise<void> {
  const script = `cat >${FILE}.new && mv ${FILE}.new ${FILE}`;
  succeeded(await node.run(['sh', '-c', script], { stdin: cniConfig(podCidr), timeoutMs: 30_000 }), node.name);
}
