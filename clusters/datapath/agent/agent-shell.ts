import type { Shell } from '../../../harness/model/shell.ts';
import { DRIFT_METRIC } from '../../../harness/stacks/cilium/decode/config-drift.ts';
import type { DatapathContext } from '../context.ts';
import { type Answer, simulatedShell } from '../simulated-shell.ts';
import type { View } from '../topology.ts';
import { configDriftText, configText } from './config.ts';
import { dropCountersText, readIngressDrops } from './drop-counters.ts';
import { encryptStatusJson, encryptStatusText } from './encrypt-status.ts';
import { hubbleAnswer } from './hubble.ts';
import { ipcacheText } from './ipcache.ts';
import { readKernelState } from './kernel-state.ts';
import { statusText } from './status.ts';

/**
 * Simulated agent of a node. It answers the commands of `cilium-dbg` (`cilium` up to 1.14) that the harness reads, in Cilium's format, each
 * time from the current kernel state.
 */
export function agentShell(cluster: DatapathContext, view: View): Shell {
  const { name, uplink } = view.self;
  const host = cluster.options.host(name);
  const kernel = async () => {
    const peers = view.peers.map((peer) => peer.address);
    return { ...(await readKernelState(host, uplink, peers)), saysIpsec: cluster.saysIpsec.has(name) };
  };
  return simulatedShell(`${name}/agent`, async (argv): Promise<Answer> => {
    const [program, ...words] = argv;
    if (program === 'hubble' && !cluster.restarting.has(name)) {
      const profile = cluster.versions.get(name) ?? cluster.profile;
      return hubbleAnswer(words, { profile, view, host, pods: cluster.pods });
    }
    if (program !== 'cilium-dbg' && program !== 'cilium') return { stderr: `sh: 1: ${program}: not found\n`, exitCode: 127 };
    if (cluster.restarting.has(name))
      return { stderr: 'Cannot get status/probe: Get "http://localhost/v1/healthz": cilium agent is not running\n', exitCode: 1 };
    const profile = cluster.versions.get(name) ?? cluster.profile;
    const context = { ...cluster, profile };
    switch (words.join(' ')) {
      case 'version':
        return { stdout: ['Client', 'Daemon'].map((part) => `${part}: ${profile.version} go version go1.26.8 linux/amd64\n`).join('') };
      case 'status':
        return { stdout: statusText(context, view, await kernel()) };
      case 'encrypt status':
        return { stdout: encryptStatusText(await kernel(), profile, uplink) };
      case 'encrypt status -o json':
        return { stdout: encryptStatusJson(await kernel(), profile, uplink) };
      case 'config --all':
        return { stdout: configText(context) };
      case `metrics list -p ${DRIFT_METRIC}`:
        return { stdout: configDriftText(context) };
      case 'bpf metrics list':
        return { stdout: dropCountersText(await readIngressDrops(host, uplink)) };
      case 'bpf ipcache list':
        return { stdout: ipcacheText(context, view, await kernel()) };
      default:
        return {
          stderr: `Error: unknown command "${words.join(' ')}" for "${program}"\nRun '${program} --help' for usage.\n`,
          exitCode: 1,
        };
    }
  });
}
