import { STACK_TITLES } from '../../model/intent.ts';
import { meshWordsOf } from '../mesh-stack.ts';
import { DATAPLANE_MODE, ISTIO_NAMESPACE } from './names.ts';

const KUBECTL = `kubectl -n ${ISTIO_NAMESPACE}`;

/** Istio's DaemonSet, ConfigMap and Secret, as its charts name them; a restart of ztunnel ends open connections. */
export const ambientWords = meshWordsOf({
  stack: STACK_TITLES['istio-ambient'],
  agentLogs: `${KUBECTL} logs ds/ztunnel`,
  logsOfNode: `${KUBECTL} logs ZTUNNEL-OF-THE-NODE`,
  listVersions: 'istioctl version',
  awaitAgents: `${KUBECTL} rollout status ds/ztunnel`,
  patchAgents: `${KUBECTL} patch ds/ztunnel`,
  enrolPods: `\`kubectl label namespace NAMESPACE ${DATAPLANE_MODE.label}=${DATAPLANE_MODE.value}\``,
  listWorkloads: 'istioctl ztunnel-config workloads',
  restartAgents: `\`${KUBECTL} rollout restart ds/ztunnel\``,
  configMap: 'ConfigMap istio',
  keySecret: 'Secret istio-ca-secret',
});
