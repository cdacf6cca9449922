import type { Kube } from '../../../harness/kube/kube.ts';
import type { Intent } from '../../../harness/model/intent.ts';
import { run, runOrThrow } from '../../../harness/proc/run.ts';
import { KindError } from '../cluster/kind-error.ts';
import { type Installer, installCommand, upgradeCommand, waitCommand } from '../install/commands.ts';
import { keySecret, perTunnelMark } from '../install/key-secret.ts';

/** Which Cilium, and how. */
export interface CiliumOptions {
  readonly kube: Kube;
  readonly kubeconfig: string;
  readonly installer: Installer;
  readonly version: string;
  readonly intent: Intent;
  readonly podCidr: string;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

const INSTALL_MS = 900_000;
/** Key id of a fresh cluster, as Cilium's documentation has it. */
const FIRST_KEY_ID = 3;

/** Which of the two programs is on this machine. @throws KindError when neither is */
export async function findInstaller(): Promise<Installer> {
  for (const installer of ['cilium', 'helm'] as const) {
    const found = await run(['sh', '-c', `command -v ${installer}`], { timeoutMs: 10_000 });
    if (found.exitCode === 0) return installer;
  }
  throw new KindError('neither `cilium` nor `helm` is on the PATH: `wirewitness doctor --target kind` says how to get one');
}

/** Install without encryption, for the un-encrypted phase. With IPsec the key Secret comes first: agents do not start without it. */
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
  await restartAgents(options);
  await ready(options);
}

/** Another version, with the encryption that the intent claims. */
export async function upgradeVersion(options: CiliumOptions, version: string): Promise<void> {
  options.progress(`upgrading Cilium ${options.version} to ${version}`);
  const next = { ...options, version };
  await execute(next, upgradeCommand(options.installer, next, next));
  await ready(next);
}

/** Delete every agent's pod: the DaemonSet brings them back with the configuration as it is now. */
async function restartAgents({ kube }: CiliumOptions): Promise<void> {
  for (const pod of await kube.list('v1', 'Pod', 'kube-system', 'k8s-app=cilium')) await kube.remove(pod);
}

async function ready(options: CiliumOptions): Promise<void> {
  if (options.installer === 'cilium') return execute(options, waitCommand(options));
  const { podsReady } = await import('../../../harness/kube/wait.ts');
  const count = (await options.kube.list('v1', 'Node')).length;
  const where = { namespace: 'kube-system', labelSelector: 'k8s-app=cilium', count };
  await podsReady(options.kube, where, {
    limitMs: INSTALL_MS,
    progress: options.progress,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

async function execute({ signal }: CiliumOptions, argv: readonly string[]): Promise<void> {
  await runOrThrow(argv, { place: argv[0] ?? '', timeoutMs: INSTALL_MS, ...(signal === undefined ? {} : { signal }) });
}
