import type { Intent } from '../model/intent.ts';
import type { Stack } from './stack.ts';
import type { Words } from './words.ts';

/** Parts of a stack that are the same for every mesh of proxies: it has no devices, marks, tables, SAs or key ids. */
export const meshStack: Pick<Stack, 'readings' | 'devices' | 'routing' | 'keyRotation' | 'keyDerivation'> = {
  readings: null,
  devices: () => ({ host: null, tunnel: null, wireguard: null }),
  routing: { encryptMark: null, marks: [], tables: [] },
  keyRotation: null,
  keyDerivation: null,
};

const OTHER_STACK = 'an option of Cilium, which a mesh does not have';

/** A claim that no mesh of proxies has, and why; null if there is none. */
export function tlsRefusal({
  mode,
  nodeEncryption,
  strictMode,
  sctp,
  loadBalancer,
  loadBalancerXdp,
  egressGateway,
  kernelTls,
  stack,
}: Intent): ReturnType<Stack['refuse']> {
  if (mode !== 'tls') return { claim: 'mode', why: `a TLS mesh has no ${mode}` };
  if (nodeEncryption) return { claim: 'nodeEncryption', why: 'a mesh carries what pods send to pods, not what nodes send' };
  if (strictMode)
    return { claim: 'strictMode', why: 'strict mode is an option of another stack; strictIngress claims that pods refuse plaintext' };
  if (sctp === true) return { claim: 'sctp', why: 'a TLS mesh carries TCP only' };
  if (kernelTls !== undefined && stack !== 'mesh-tls')
    return { claim: 'kernelTls', why: 'the counters of TLS in the namespaces of pods are read in the lab alone' };
  if (loadBalancer !== undefined) return { claim: 'loadBalancer', why: OTHER_STACK };
  if (loadBalancerXdp !== undefined) return { claim: 'loadBalancerXdp', why: OTHER_STACK };
  if (egressGateway !== undefined) return { claim: 'egressGateway', why: OTHER_STACK };
  return null;
}

/** What a mesh has its own words for. */
export type MeshWords = Pick<
  Words,
  | 'stack'
  | 'enrolPods'
  | 'listWorkloads'
  | 'agentLogs'
  | 'logsOfNode'
  | 'listVersions'
  | 'awaitAgents'
  | 'restartAgents'
  | 'configMap'
  | 'keySecret'
> &
  Partial<Words>;

/** The words of a mesh of proxies: it has no agent that is asked by a command, and publishes no keys of nodes. */
export function meshWordsOf(own: MeshWords): Words {
  const none = 'PROGRAM-THAT-MANAGES-THE-MESH';
  return {
    wireguardDevice: 'DEVICE',
    wireguardPort: '(none)',
    agent: none,
    agentOfNode: none,
    patchAgents: none,
    helmUpgrade: none,
    helmRollback: none,
    nodeObject: 'Node',
    publicKeyField: 'its public key',
    getNodes: 'kubectl get nodes',
    podObject: 'Pod',
    droppedAsClear: '',
    flowLog: '',
    replaceKey: 'let the certificate authority issue new certificates',
    ...own,
  };
}
