import { STACK_TITLES } from '../../model/intent.ts';
import { meshWordsOf } from '../mesh-stack.ts';

const NONE = 'PROGRAM-THAT-MANAGES-THE-MESH';

/** The lab has proxies of its own; nothing here is typed as it stands. */
export const meshTlsWords = meshWordsOf({
  stack: STACK_TITLES['mesh-tls'],
  agentLogs: 'kubectl logs POD-OF-THE-PROXY',
  logsOfNode: 'kubectl logs POD-OF-THE-PROXY',
  listVersions: NONE,
  awaitAgents: NONE,
  enrolPods: 'enrol the pods',
  listWorkloads: 'cat /run/tls-mesh/NODE/*.log',
  restartAgents: 'start the proxies again',
  configMap: 'the configuration of the mesh',
  keySecret: 'key of the certificate authority',
});
