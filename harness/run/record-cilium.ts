import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { findAgents } from '../../clusters/existing/agents.ts';
import { existingKeys } from '../../clusters/existing/secret-keys.ts';
import {
  type CiliumOptions,
  changeEncryption,
  findInstaller,
  installClear,
  upgradeVersion,
} from '../../clusters/kind/cilium/install-cilium.ts';
import { kindLifecycle } from '../../clusters/kind/cilium/lifecycle.ts';
import { rotateIpsecKey } from '../../clusters/kind/cilium/rotate-key.ts';
import { startKind } from '../../clusters/kind/kind.ts';
import { apiShell } from '../kube/api-shell.ts';
import { lateShell } from '../kube/late-shell.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { RecordingWriter } from '../record/recording-writer.ts';
import type { RunClock } from '../record/run-clock.ts';
import { scenarios } from '../record/scenarios.ts';
import { ExitError } from './exit-error.ts';
import type { KindRunOptions } from './kind-run.ts';
import { toolVersion } from './tool-version.ts';

/** kind's own pod subnet. */
const POD_CIDR = '10.244.0.0/16';

/** One kind cluster with Cilium for one intent: first without encryption, then with it, as users turn it on. */
export async function recordCilium(options: KindRunOptions, intent: Intent, clock: RunClock): Promise<void> {
  const { nodes, scenario, fault, out, progress, signal } = options;
  const { image, witnessImage, keep, ciliumVersion = '', upgradeTo } = options.kind;
  if (fault !== null) throw ExitError.usage(`--fault ${fault}: faults are made on the reference datapath; say --datapath reference`);
  const run = scenarios[scenario];
  if (run === undefined) throw ExitError.usage(`--scenario ${scenario}: it cannot be recorded in kind`);
  const installer = await findInstaller();
  const told = (line: string): void => progress(`${intent.mode}: ${line}`);
  let cilium: CiliumOptions | undefined;
  await using kind = await startKind({
    nodes,
    environmentClass: 'ephemeral-test',
    keep,
    signal,
    progress: told,
    ...(image === undefined ? {} : { image }),
    ...(witnessImage === undefined ? {} : { witnessImage }),
    network: async ({ kube, kubeconfig }) => {
      cilium = { kube, kubeconfig, installer, version: ciliumVersion, intent, podCidr: POD_CIDR, progress: told, signal };
      await installClear(cilium);
    },
  });
  if (cilium === undefined) throw new TypeError('the network is installed before the cluster is up');
  const installed = cilium;
  const names = kind.description.nodes.map(({ name }) => name);
  const keys = existingKeys(kind.kube, 'kube-system');
  const agents = await findAgents(kind.kube, 'kube-system', names);
  const cluster: Cluster = {
    description: { ...kind.description, capabilities: { ...kind.description.capabilities, 'agent-shell': agents.capability } },
    host: kind.host,
    // An agent's pod is another one after each upgrade and restart, so it is looked up anew each time.
    agent: (node) =>
      lateShell(`${node}/agent`, async () => {
        const found = await findAgents(kind.kube, 'kube-system', names);
        return found.shell(node) ?? found.capability.reason;
      }),
    wire: kind.wire,
    api: apiShell(kind.kube),
    workloads: { shell: kind.traffic, exec: (pod, argv) => kind.podExec(pod).run(argv) },
    keys: {
      ...keys,
      ...(intent.mode === 'ipsec'
        ? {
            rotate: async (step) => {
              const { id } = await keys.current();
              const { kube, host } = kind;
              const { perTunnelKeys } = intent;
              await rotateIpsecKey({ kube, host, version: ciliumVersion, perTunnelKeys, from: id, nodes: names, progress: told }, step);
            },
          }
        : {}),
    },
    lifecycle: kindLifecycle({
      kind,
      progress: told,
      disable: () => changeEncryption(installed, true),
      ...(upgradeTo === undefined ? {} : { upgrade: () => upgradeVersion(installed, upgradeTo) }),
    }),
    faults: undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const header = {
    runId: `${new Date().toISOString().replace(/[:.]/g, '')}-${randomBytes(4).toString('hex')}`,
    scenario,
    fault: null,
    toolVersion: toolVersion(),
    intent,
    cluster: cluster.description,
  };
  const writer = await RecordingWriter.create(join(out, intent.mode, 'recording'), header, clock);
  try {
    await run({ cluster, intent, writer, progress: told, signal, enable: () => changeEncryption(installed, false) });
    await writer.finish();
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    await writer.finish(cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
}
