import type { Kube } from '../../../harness/kube/kube.ts';
import { rolledOut } from '../../../harness/kube/rollout.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import type { Family } from '../../../harness/model/mode.ts';
import { runOrThrow } from '../../../harness/proc/run.ts';
import { NAMESPACE, OPERATOR_DEPLOYMENT } from '../../../harness/stacks/cilium/names.ts';
import { keySecret, perTunnelMark } from '../../cilium/key-secret.ts';
import { agentsReady, restartCiliumAgents, type Waiting } from '../../cilium/restart-agents.ts';
import { type Installer, installCommand, upgradeCommand } from './commands.ts';

/** Which Cilium, and how. */
export interface CiliumOptions {
  readonly kube: Kube;
  readonly kubeconfig: string;
  readonly installer: Installer;
  readonly version: string;
  readonly intent: Intent;
  readonly podCidrs: Readonly<Record<Family, string>>;
  readonly valuesFile?: string;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

const INSTALL_MS = 900_000;
/** Key id of a new cluster, as in Cilium's documentation. */
const FIRST_KEY_ID = 3;

/** Install without encryption, for the un-encrypted phase. With IPsec the key Secret is created first: agents do not start without it. */
export async function installClear(options: CiliumOptions): Promise<void> {
  const { kube, intent, version, installer } = options;
  if (intent.mode === 'ipsec') await kube.apply(keySecret(FIRST_KEY_ID, perTunnelMark(version, intent.perTunnelKeys)));
  options.progress(`installing Cilium ${version} without encryption`);
  await execute(options, installCommand(installer, options, { ...options, clear: true }));
  await ready(options);
}

/** Turn encryption on, or off again, as users do: by an upgrade and new agents. */
export async function changeEncryption(options: CiliumOptions, clear: boolean): Promise<void> {
  options.progress(`upgrading Cilium ${options.version} ${clear ? 'without encryption' : `with ${options.intent.mode}`}`);
  await execute(options, upgradeCommand(options.installer, options, { ...options, clear }));
  // From off to WireGuard only the ConfigMap changes, and Helm restarts no agent for that.
  await restartCiliumAgents(options.kube, NAMESPACE, waiting(options));
  await ready(options);
}

/** Another version, with the encryption that the intent claims. */
export async function upgradeVersion(options: CiliumOptions, version: string): Promise<void> {
  options.progress(`upgrading Cilium ${options.version} to ${version}`);
  const next = { ...options, version };
  await execute(next, upgradeCommand(options.installer, next, next));
  await ready(next);
}

/** Wait for agents and operator of the current generation: `cilium status --wait` may still read the numbers before a change. */
async function ready(options: CiliumOptions): Promise<void> {
  const { kube } = options;
  const metadata = { name: OPERATOR_DEPLOYMENT, namespace: NAMESPACE };
  await rolledOut(kube, { apiVersion: 'apps/v1', kind: 'Deployment', metadata }, waiting(options));
  await agentsReady(kube, NAMESPACE, waiting(options));
}

function waiting({ progress, signal }: CiliumOptions): Waiting {
  return { limitMs: INSTALL_MS, progress, ...(signal === undefined ? {} : { signal }) };
}

async function execute({ signal }: CiliumOptions, argv: readonly string[]): Promise<void> {
  await runOrThrow(argv, { place: argv[0] ?? '', timeoutMs: INSTALL_MS, ...(signal === undefined ? {} : { signal }) });
}
