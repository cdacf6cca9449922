import { KERNEL_MEANS_SCRIPT } from '../../decode/kernel/kernel-means.ts';
import { redactXfrmKeys } from '../../decode/kernel/redact.ts';
import { redactPresharedKeys } from '../../decode/kernel/redact-preshared-keys.ts';
import { PRESHARED_KEYS, WIREGUARD_STATE } from '../../decode/kernel/wireguard-subcommands.ts';
import { withholdLog, withholdSettings } from '../../decode/secrets/withhold.ts';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { Snapshot } from '../../model/recording.ts';
import { type Collector, clockOf } from '../collector.ts';
import { logCommand } from '../log-command.ts';
import { DRIFT_METRIC } from './decode/config-drift.ts';
import { withoutDetails } from './decode/hubble-flows.ts';
import { hubbleCommands } from './hubble-command.ts';
import { describeKeyCopy } from './key-copy.ts';
import { describeKeyCreated } from './key-created.ts';
import { AGENT_CONTAINER, AGENT_LABEL, CONFIG_MAP, DEVICES, ENCRYPT_MARK, KEY_SECRET, NAMESPACE, TABLE } from './names.ts';
import { READINGS } from './readings.ts';
import { redactKeySecret } from './redact-key-secret.ts';

/** What the agent's programs dropped, by reason. */
function dropCounters(node: string): Collector {
  return { collector: READINGS.drops.collector, shell: 'agent', argv: ['cilium-dbg', 'bpf', 'metrics', 'list'], node };
}

/** What is read in each snapshot, in this order. After the traffic only what may have changed is read again. */
export function collectorsFor(cluster: ClusterDescription, intent: Intent, snapshot: Snapshot): Collector[] {
  const { agentNamespace: namespace = NAMESPACE } = cluster;
  const once = snapshot === 'before';
  // What a scenario may have changed is read again after its window.
  const changed = snapshot === 'end';
  const list: Collector[] = [];
  if (snapshot === 'inbound') return cluster.nodes.map(({ name }) => dropCounters(name));
  for (const node of cluster.nodes) {
    const host = (collector: string, argv: readonly string[], redact?: Collector['redact']): void => {
      list.push({ collector, shell: 'host', argv, node: node.name, ...(redact === undefined ? {} : { redact }) });
    };
    const agent = (collector: string, argv: readonly string[], redact?: Collector['redact']): void => {
      list.push({ collector, shell: 'agent', argv, node: node.name, ...(redact === undefined ? {} : { redact }) });
    };
    host('xfrm-state', ['ip', '-s', 'xfrm', 'state', 'list'], redactXfrmKeys);
    host('xfrm-policy', ['ip', 'xfrm', 'policy', 'list']);
    host('xfrm-stat', ['cat', '/proc/net/xfrm_stat']);
    host('ip-rule', ['ip', 'rule', 'list']);
    host('ip-route-200', ['ip', 'route', 'show', 'table', TABLE]);
    // Losses between the two readings explain a flow without answer.
    if (snapshot === 'before' || snapshot === 'after') {
      host('ip-stat', ['cat', '/proc/net/snmp', ...(intent.families.includes('ipv6') ? ['/proc/net/snmp6'] : [])]);
      list.push(dropCounters(node.name));
    }
    list.push(clockOf(node.name));
    if (intent.families.includes('ipv6')) {
      host('ip-rule-6', ['ip', '-6', 'rule', 'list']);
      host('ip-route-200', ['ip', '-6', 'route', 'show', 'table', TABLE]);
    }
    if (intent.mode === 'wireguard') {
      for (const what of WIREGUARD_STATE) host(`wg-${what}`, ['wg', 'show', DEVICES.wireguard, what]);
      host(`wg-${PRESHARED_KEYS}`, ['wg', 'show', DEVICES.wireguard, PRESHARED_KEYS], redactPresharedKeys);
    }
    // Modules and algorithms may disappear during the traffic.
    if (once || snapshot === 'after') {
      host('kernel-means', ['sh', '-c', KERNEL_MEANS_SCRIPT]);
      host('crypto', ['cat', '/proc/crypto']);
    }
    if (once) {
      host('ip-route', ['ip', 'route', 'show', 'table', 'all']);
      host('ip-link', ['ip', 'link', 'show']);
      host('ip-addr', ['ip', 'addr', 'show']);
      host('uname', ['uname', '-a']);
      for (const pod of cluster.pods)
        if (pod.node !== node.name)
          for (const family of intent.families)
            for (const address of pod.addresses.filter((a) => a.includes(':') === (family === 'ipv6')).slice(0, 1))
              host('ip-route-get', ['ip', 'route', 'get', address, 'mark', `0x${ENCRYPT_MARK.toString(16)}`]);
      agent(READINGS.agentVersion.collector, ['cilium-dbg', 'version']);
    }
    if (once || changed) {
      agent(READINGS.agentConfig.collector, ['cilium-dbg', 'config', '--all'], withholdSettings);
      agent(READINGS.configDrift.collector, ['cilium-dbg', 'metrics', 'list', '-p', DRIFT_METRIC]);
      agent(READINGS.addressMap.collector, ['cilium-dbg', 'bpf', 'ipcache', 'list']);
    }
    agent(READINGS.agentStatus.collector, ['cilium-dbg', 'status']);
    agent(READINGS.encryptionStatus.collector, ['cilium-dbg', 'encrypt', 'status']);
    if (snapshot === 'after') for (const argv of hubbleCommands(cluster, node)) agent(READINGS.flowLog.collector, argv, withoutDetails);
    if (!changed && snapshot !== 'sample')
      list.push({
        collector: 'agent-log',
        shell: 'api',
        argv: logCommand({ namespace, selector: AGENT_LABEL, node: node.name, container: AGENT_CONTAINER }),
        node: node.name,
        redact: withholdLog,
      });
  }
  const api = (collector: string, argv: readonly string[], redact?: Collector['redact']): void => {
    list.push({ collector, shell: 'api', argv, node: null, ...(redact === undefined ? {} : { redact }) });
  };
  api(READINGS.nodeObjects.collector, ['kubectl', 'get', 'ciliumnodes', '-o', 'yaml']);
  if (once || changed) {
    api(READINGS.configMap.collector, ['kubectl', '-n', namespace, 'get', 'configmap', CONFIG_MAP, '-o', 'yaml'], withholdSettings);
  }
  // Read again at the end of a window: a rotation changes the Secret, and new SA keys must derive from the new one.
  if (intent.mode === 'ipsec' && (once || snapshot === 'end')) {
    const secret = ['kubectl', '-n', namespace, 'get', 'secret', KEY_SECRET, '-o', 'yaml'];
    api(READINGS.keySecret.collector, secret, redactKeySecret);
    if (once) api(READINGS.keyCopy.collector, secret, describeKeyCopy);
    if (once) api(READINGS.keyCreated.collector, secret, describeKeyCreated);
  }
  return list;
}
