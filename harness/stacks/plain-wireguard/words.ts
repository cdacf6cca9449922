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
    replaceKey: 'give each node a new key pair (`wg genkey`)',
  };
}
