import { STACK_TITLES } from '../../model/intent.ts';
import type { Words } from '../words.ts';

const NONE = 'PROGRAM-THAT-MANAGES-THE-MESH';

/** There is one program for each mesh, and the lab has its own; nothing here is typed as it stands. */
export const meshTlsWords: Words = {
  stack: STACK_TITLES['mesh-tls'],
  wireguardDevice: 'DEVICE',
  wireguardPort: '(none)',
  agent: NONE,
  agentOfNode: NONE,
  agentLogs: 'kubectl logs POD-OF-THE-PROXY',
  logsOfNode: 'kubectl logs POD-OF-THE-PROXY',
  listVersions: NONE,
  awaitAgents: NONE,
  patchAgents: NONE,
  restartAgents: 'start the proxies again',
  helmUpgrade: NONE,
  helmRollback: NONE,
  nodeObject: 'Node',
  publicKeyField: 'its public key',
  getNodes: 'kubectl get nodes',
  podObject: 'Pod',
  configMap: 'the configuration of the mesh',
  keySecret: 'key of the certificate authority',
  droppedAsClear: '',
  flowLog: '',
  replaceKey: 'let the certificate authority issue new certificates',
};
