import { STACK_TITLES } from '../../model/intent.ts';
import type { Words } from '../words.ts';

/** There is no agent and no object: the person who configured the mesh can configure it again. */
export function meshWords(device: string, port: number): Words {
  const none = 'PROGRAM-THAT-MANAGES-THE-MESH';
  return {
    stack: STACK_TITLES['plain-wireguard'],
    wireguardDevice: device,
    wireguardPort: String(port),
    agent: none,
    agentOfNode: none,
    agentLogs: `journalctl -u wg-quick@${device}`,
    logsOfNode: `journalctl -u wg-quick@${device}`,
    listVersions: 'wg --version',
    awaitAgents: `systemctl is-active wg-quick@${device}`,
    patchAgents: none,
    restartAgents: `\`wg-quick down ${device}; wg-quick up ${device}\` (or a restart of what manages the mesh)`,
    helmUpgrade: none,
    helmRollback: none,
    nodeObject: 'Node',
    publicKeyField: 'its public key',
    getNodes: 'kubectl get nodes',
    podObject: 'Pod',
    configMap: `/etc/wireguard/${device}.conf`,
    keySecret: 'key',
    droppedAsClear: '',
    flowLog: '',
    enrolPods: '',
    listWorkloads: '',
    replaceKey: 'give each node a new key pair (`wg genkey`)',
  };
}

/** Where flannel's DaemonSet is, as its manifest installs it (kube-flannel.yml of v0.28). */
const FLANNEL = '-n kube-flannel';
const DAEMON_SET = 'ds/kube-flannel-ds';

/** What manages the mesh is flannel: it writes peers and routes again when it starts, and publishes its public key at the node. */
export function flannelWords(device: string, port: number): Words {
  return {
    ...meshWords(device, port),
    agent: `kubectl ${FLANNEL} exec ${DAEMON_SET} --`,
    agentOfNode: `kubectl ${FLANNEL} exec AGENT --`,
    agentLogs: `kubectl ${FLANNEL} logs ${DAEMON_SET}`,
    logsOfNode: `kubectl ${FLANNEL} logs AGENT`,
    listVersions: `kubectl ${FLANNEL} get ${DAEMON_SET} -o wide`,
    awaitAgents: `kubectl ${FLANNEL} rollout status ${DAEMON_SET}`,
    patchAgents: `kubectl ${FLANNEL} patch ${DAEMON_SET}`,
    restartAgents: `\`kubectl ${FLANNEL} rollout restart ${DAEMON_SET}\``,
    publicKeyField: 'annotation flannel.alpha.coreos.com/backend-data',
    getNodes: 'kubectl get nodes -o yaml',
    configMap: 'kube-flannel-cfg',
  };
}
