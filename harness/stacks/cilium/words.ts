import { STACK_TITLES } from '../../model/intent.ts';
import type { Words } from '../words.ts';
import { AGENT_CONTAINER, AGENT_DAEMONSET, AGENT_LABEL, CONFIG_MAP, DEVICES, KEY_SECRET, NAMESPACE, WIREGUARD_PORT } from './names.ts';

const KUBECTL = `kubectl -n ${NAMESPACE}`;
const AGENTS = `ds/${AGENT_DAEMONSET}`;

/** For a chart installed as in the guide. */
export const WORDS: Words = {
  stack: STACK_TITLES.cilium,
  wireguardDevice: DEVICES.wireguard,
  wireguardPort: String(WIREGUARD_PORT),
  agent: `${KUBECTL} exec ${AGENTS} -- cilium-dbg`,
  agentOfNode: `${KUBECTL} exec AGENT -- cilium-dbg`,
  agentLogs: `${KUBECTL} logs ${AGENTS} -c ${AGENT_CONTAINER}`,
  logsOfNode: `${KUBECTL} logs AGENT -c ${AGENT_CONTAINER}`,
  listVersions: `${KUBECTL} get pods -l ${AGENT_LABEL} -o custom-columns=NODE:.spec.nodeName,IMAGE:.spec.containers[0].image`,
  awaitAgents: `${KUBECTL} rollout status ${AGENTS}`,
  patchAgents: `${KUBECTL} patch ${AGENTS}`,
  restartAgents: `\`${KUBECTL} rollout restart ${AGENTS}\``,
  helmUpgrade: `helm upgrade cilium cilium/cilium -n ${NAMESPACE} --reuse-values`,
  helmRollback: `helm rollback cilium -n ${NAMESPACE}`,
  nodeObject: 'CiliumNode',
  publicKeyField: 'network.cilium.io/wg-pub-key',
  getNodes: 'kubectl get ciliumnodes',
  podObject: 'CiliumEndpoint',
  configMap: CONFIG_MAP,
  keySecret: KEY_SECRET,
  // bpf/lib/drop_reasons.h, DROP_UNENCRYPTED_TRAFFIC; pkg/monitor/api/drop.go, 195.
  droppedAsClear: 'Traffic is unencrypted',
  flowLog: 'Hubble',
  enrolPods: '',
  listWorkloads: '',
  // Replace, not apply: apply keeps the key in an annotation.
  replaceKey: `\`${KUBECTL} create secret generic ${KEY_SECRET} --from-literal=keys="N+ rfc4106(gcm(aes)) $(openssl rand -hex 20) 128" --dry-run=client -o yaml | kubectl replace -f -\` (N: the present id plus one)`,
};
