import { STACK_TITLES } from '../../model/intent.ts';
import { meshWordsOf } from '../mesh-stack.ts';
import { LINKERD_CONTAINER } from './names.ts';

/** Linkerd's proxies are containers of the pods: they are restarted with them. */
export const linkerdWords = meshWordsOf({
  stack: STACK_TITLES.linkerd,
  agentLogs: `kubectl logs POD -c ${LINKERD_CONTAINER}`,
  logsOfNode: `kubectl logs POD -c ${LINKERD_CONTAINER}`,
  listVersions: 'linkerd version --proxy',
  awaitAgents: 'linkerd check --proxy',
  enrolPods: '`kubectl annotate namespace NAMESPACE linkerd.io/inject=enabled`, and a new start of its pods',
  listWorkloads: 'linkerd diagnostics endpoints SERVICE:PORT',
  restartAgents: '`kubectl rollout restart` of the workload, so that its pods get new proxies',
  configMap: 'ConfigMap linkerd-config',
  keySecret: 'Secret linkerd-identity-issuer',
});
