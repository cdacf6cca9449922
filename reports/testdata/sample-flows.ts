import type { FlowVerdict, Treatment } from '../../harness/model/report.ts';

const NODES = ['node1', 'node2', 'node3'];
const APPS: Readonly<Record<string, string>> = { node1: 'endor/tiefighter', node2: 'endor/xwing', node3: 'endor/deathstar' };

/** Pod, service and node flows between three nodes over TCP, UDP and ICMP; all as they should be. */
export function healthyFlows(): FlowVerdict[] {
  const flows: FlowVerdict[] = [];
  for (const [from, source] of NODES.entries()) {
    for (const [to, destination] of NODES.entries()) {
      for (const protocol of ['tcp', 'udp', 'icmp']) {
        const treatment: Treatment = from === to ? 'clear-by-design' : 'encrypted';
        flows.push({
          id: `pod-${source}-${destination}-${protocol}-4`,
          path: from === to ? 'same-node' : 'pod-pod',
          family: 'ipv4',
          protocol,
          source: { name: APPS[source]!, kind: 'pod', node: source, address: `10.0.${from + 1}.10` },
          destination: { name: APPS[destination]!, kind: 'pod', node: destination, address: `10.0.${to + 1}.${from === to ? 11 : 10}` },
          treatment,
          treatmentReason: from === to ? 'Traffic that stays on one node never reaches a wire' : 'Pod traffic between nodes is encrypted',
          verdict: 'supports',
          reason: from === to ? 'No frame on the wire' : 'Ciphertext in the right direction, canary not found',
          sent: 12,
          answered: 12,
          clearFrames: 0,
          controlFrames: 24,
        });
      }
      if (from !== to) flows.push(nodeFlow(source, destination, from, to));
    }
    flows.push(serviceFlow(source, from));
  }
  return flows;
}

function nodeFlow(source: string, destination: string, from: number, to: number): FlowVerdict {
  return {
    id: `node-${source}-${destination}-icmp-4`,
    path: 'node-node',
    family: 'ipv4',
    protocol: 'icmp',
    source: { name: source, kind: 'node', node: source, address: `172.18.0.${from + 2}` },
    destination: { name: destination, kind: 'node', node: destination, address: `172.18.0.${to + 2}` },
    treatment: 'clear-by-design',
    treatmentReason: 'Node encryption is off in the intent (docs.cilium.io, Transparent Encryption)',
    verdict: 'supports',
    reason: 'Seen in the clear, as stated',
    sent: 5,
    answered: 5,
    clearFrames: 10,
    controlFrames: 10,
  };
}

function serviceFlow(source: string, from: number): FlowVerdict {
  return {
    id: `svc-${source}-deathstar-tcp-4`,
    path: 'pod-service',
    family: 'ipv4',
    protocol: 'tcp',
    source: { name: APPS[source]!, kind: 'pod', node: source, address: `10.0.${from + 1}.10` },
    destination: { name: 'endor/deathstar', kind: 'service', node: null, address: '10.96.12.7' },
    treatment: 'encrypted',
    treatmentReason: 'The backend runs on another node',
    verdict: 'supports',
    reason: 'Ciphertext towards the node of the backend that answered',
    sent: 12,
    answered: 12,
    clearFrames: 0,
    controlFrames: 24,
  };
}
