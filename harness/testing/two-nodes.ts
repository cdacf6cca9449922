import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { Mode } from '../model/mode.ts';

/** The addresses of every synthetic recording and packet: those of the lab with two nodes. */
export const NODE1 = '172.18.0.1';
export const NODE2 = '172.18.0.2';
export const ROUTER1 = '10.0.1.1';
export const ROUTER2 = '10.0.2.1';
export const POD1 = '10.0.1.11';
export const POD2 = '10.0.2.11';
export const NODE1_V6 = 'fd00::1';
export const NODE2_V6 = 'fd00::2';

/** Two nodes with a pod each. */
export const twoNodes: ClusterDescription = {
  name: 'two-nodes',
  provider: 'test',
  environmentClass: 'lab',
  nodes: [
    { name: 'node1', addresses: [NODE1], podCidrs: ['10.0.1.0/24'], internalAddresses: [ROUTER1], uplink: 'eth0' },
    { name: 'node2', addresses: [NODE2], podCidrs: ['10.0.2.0/24'], internalAddresses: [ROUTER2], uplink: 'eth0' },
  ],
  pods: [
    { name: 'a', namespace: 'demo', node: 'node1', addresses: [POD1], labels: {} },
    { name: 'b', namespace: 'demo', node: 'node2', addresses: [POD2], labels: {} },
  ],
  services: [],
  versions: {},
  capabilities: {},
};

/** The claim: Cilium 1.18 over VXLAN in IPv4, unless a test says otherwise. */
export function sampleIntent(mode: Mode, change: Partial<Intent> = {}): Intent {
  return {
    stack: 'cilium',
    mode,
    routing: 'vxlan',
    profile: '1.18',
    nodeEncryption: false,
    strictMode: false,
    perTunnelKeys: mode === 'ipsec',
    families: ['ipv4'],
    ...change,
  };
}
