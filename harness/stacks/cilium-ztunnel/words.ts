import { STACK_TITLES } from '../../model/intent.ts';
import { WORDS } from '../cilium/words.ts';
import { meshWordsOf } from '../mesh-stack.ts';
import { MTLS_ENABLED } from './names.ts';

/** The agents are Cilium's; the ztunnels are a DaemonSet that its operator writes (operator/pkg/ztunnel/ztunnel-daemonset.yaml). */
export const ciliumZtunnelWords = meshWordsOf({
  ...WORDS,
  stack: STACK_TITLES['cilium-ztunnel'],
  wireguardDevice: '(none)',
  wireguardPort: '(none)',
  agentLogs: 'kubectl -n kube-system logs ds/ztunnel-cilium',
  logsOfNode: 'kubectl -n kube-system logs ZTUNNEL-OF-THE-NODE',
  enrolPods: `\`kubectl label namespace NAMESPACE ${MTLS_ENABLED.label}=${MTLS_ENABLED.value}\``,
  listWorkloads: 'kubectl get ciliumendpoints -A',
  keySecret: 'Secret cilium-ztunnel-secrets',
  replaceKey: 'let the agents issue new certificates',
});
