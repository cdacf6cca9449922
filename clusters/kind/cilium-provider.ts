import { apiShell } from '../../harness/kube/api-shell.ts';
import { lateShell } from '../../harness/kube/late-shell.ts';
import type { Cluster } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { ClaimRefusal, ClusterProvider } from '../../harness/model/provider.ts';
import { findProgram } from '../../harness/proc/find-program.ts';
import { API_KINDS, NAMESPACE } from '../../harness/stacks/cilium/names.ts';
import { findAgents } from '../cilium/agents.ts';
import { perTunnelMark } from '../cilium/key-secret.ts';
import { rotateIpsecKey } from '../cilium/rotate-key.ts';
import { existingKeys } from '../cilium/secret-keys.ts';
import { EGRESS_GATEWAY_IN_LAB_ONLY } from '../demo/egress-gateway.ts';
import { POD_CIDRS } from './cluster/config.ts';
import { detectKind } from './detect.ts';
import type { Installer } from './install/commands.ts';
import { type CiliumOptions, changeEncryption, installClear, upgradeVersion } from './install/install-cilium.ts';
import { installValues } from './install/install-values.ts';
import { startKind } from './kind.ts';
import { kindLifecycle } from './lifecycle.ts';
import type { KindOptions } from './options.ts';

/** kind with Cilium: one cluster for each claim, first without encryption, then with it, as users turn it on. */
export function ciliumProvider(options: KindOptions): ClusterProvider {
  return {
    name: 'kind',
    refuse: (intent) => installRefusal(intent, options),
    detect: async () => {
      if (findInstaller() === undefined)
        return {
          available: false,
          lacks: 'neither `cilium` nor `helm` is on the PATH',
          remedy:
            'install one: https://github.com/cilium/cilium-cli/releases or https://helm.sh/docs/intro/install/, or say --datapath reference',
        };
      return detectKind();
    },
    open: (intent, signal) => openWithCilium(options, intent, signal),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The first claim that the release to install does not support. */
function installRefusal(intent: Intent, { ciliumVersion = '', upgradeTo }: KindOptions): ClaimRefusal | null {
  if (intent.mode === 'tls') return { claim: 'mode', why: 'only the lab lays out a TLS mesh' };
  if (intent.mode === 'ipsec' && intent.nodeEncryption)
    return { claim: 'nodeEncryption', why: 'node encryption exists only with WireGuard, not with IPsec' };
  const kubeProxy = 'the nodes of this kind cluster run kube-proxy; examine a cluster without it (--target existing)';
  if (intent.loadBalancer !== undefined && intent.loadBalancer !== 'snat') return { claim: 'loadBalancer', why: kubeProxy };
  if (intent.loadBalancerXdp === true) return { claim: 'loadBalancerXdp', why: kubeProxy };
  if (intent.egressGateway !== undefined) return { claim: 'egressGateway', why: EGRESS_GATEWAY_IN_LAB_ONLY };
  for (const version of upgradeTo === undefined ? [ciliumVersion] : [ciliumVersion, upgradeTo])
    for (const [claim, attempt] of [
      ['perTunnelKeys', () => intent.mode === 'ipsec' && perTunnelMark(version, intent.perTunnelKeys)],
      [
        intent.strictMode ? 'strictMode' : intent.strictIngress === true ? 'strictIngress' : 'profile',
        () => installValues({ version, intent, podCidrs: POD_CIDRS }),
      ],
    ] as const)
      try {
        attempt();
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { claim, why: error.message };
      }
  return null;
}

/** Which of the two programs is on this machine. */
function findInstaller(): Installer | undefined {
  return (['cilium', 'helm'] as const).find((name) => findProgram(name) !== undefined);
}

async function openWithCilium(options: KindOptions, intent: Intent, signal: AbortSignal): Promise<Cluster> {
  const { nodes, image, witnessImage, keep, ciliumVersion = '', ciliumValues, upgradeTo } = options;
  const progress = (line: string): void => options.progress(`${intent.mode}: ${line}`);
  const installer = findInstaller();
  if (installer === undefined) throw new RangeError('the installer that was found before is gone');
  let installed: CiliumOptions | undefined;
  await using stack = new AsyncDisposableStack();
  const kind = stack.use(
    await startKind({
      nodes,
      families: intent.families,
      environmentClass: 'ephemeral-test',
      keep,
      signal,
      progress,
      ...(image === undefined ? {} : { image }),
      ...(witnessImage === undefined ? {} : { witnessImage }),
      network: async ({ kube, kubeconfig }) => {
        installed = {
          kube,
          kubeconfig,
          installer,
          version: ciliumVersion,
          intent,
          podCidrs: POD_CIDRS,
          progress,
          signal,
          ...(ciliumValues === undefined ? {} : { valuesFile: ciliumValues }),
        };
        await installClear(installed);
      },
    }),
  );
  if (installed === undefined) throw new TypeError('the network is installed before the cluster is up');
  const cilium = installed;
  const { kube, description, host } = kind;
  const names = description.nodes.map(({ name }) => name);
  const keys = existingKeys(kube, NAMESPACE);
  const agents = await findAgents(kube, NAMESPACE, names);
  const owned = stack.move();
  return {
    description: { ...description, capabilities: { ...description.capabilities, 'agent-shell': agents.capability } },
    host,
    agent: (node) => agents.shell(node) ?? lateShell(`${node}/agent`, async () => agents.capability.reason),
    wire: kind.wire,
    outside: kind.outside,
    injector: () => kind.outside,
    api: apiShell(kube, API_KINDS),
    workloads: { shell: kind.traffic },
    keys: {
      ...keys,
      ...(intent.mode === 'ipsec'
        ? {
            rotate: async (step) => {
              await rotateIpsecKey({ kube, namespace: NAMESPACE, host, nodes: names, progress }, step);
            },
          }
        : {}),
    },
    lifecycle: kindLifecycle({
      kind,
      progress,
      disable: () => changeEncryption(cilium, true),
      ...(upgradeTo === undefined ? {} : { upgrade: () => upgradeVersion(cilium, upgradeTo) }),
    }),
    faults: undefined,
    enableEncryption: () => changeEncryption(cilium, false),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
