import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runOrThrow } from '../../../harness/proc/run.ts';
import { CONTAINER_LABEL } from '../names.ts';
import { type KindShape, kindConfig } from './config.ts';
import { KindError } from './kind-error.ts';

/** A cluster created by kind. */
export interface KindCluster extends AsyncDisposable {
  readonly name: string;
  /** In a separate folder that only this user can read; removed with the cluster. */
  readonly kubeconfig: string;
  /** Node containers, workers first: manifests that pin to `kind-worker` find the first. */
  readonly nodes: readonly string[];
}

export interface CreateOptions extends KindShape {
  readonly name: string;
  /** Absent: kind's default. */
  readonly image?: string;
  /** Leave the cluster up at the end. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
}

/** kind's only way to name the Docker network; it warns that the variable may change. */
const NETWORK_VARIABLE = 'KIND_EXPERIMENTAL_DOCKER_NETWORK';
const FOLDER_PREFIX = 'wirewitness-kind-';
const CREATE_MS = 600_000;
const SHORT_MS = 60_000;

/** `kind create cluster`, without waiting for nodes: they are not ready before there is a pod network. @throws KindError */
export async function createKindCluster(options: CreateOptions): Promise<KindCluster> {
  const { name, image, keep = false, signal } = options;
  const aborting = signal === undefined ? {} : { signal };
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  const kubeconfig = join(folder, 'kubeconfig');
  const end = async (): Promise<void> => {
    if (keep) return;
    await deleteKindCluster(name);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const argv = ['kind', 'create', 'cluster', '--name', name, '--kubeconfig', kubeconfig, '--config', '-'];
    await runOrThrow([...argv, ...(image === undefined ? [] : ['--image', image])], {
      place: 'kind',
      stdin: kindConfig(options),
      timeoutMs: CREATE_MS,
      // A separate Docker network: on kind's common one traffic of other clusters would be on the judged wire.
      env: { [NETWORK_VARIABLE]: name },
      ...aborting,
    });
    const nodes = await nodesOf(name);
    return { name, kubeconfig, nodes, [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Node containers of a cluster, workers first, in the order of their numbers. */
async function nodesOf(cluster: string): Promise<string[]> {
  const { stdout } = await runOrThrow(['kind', 'get', 'nodes', '--name', cluster], { place: 'kind', timeoutMs: SHORT_MS });
  const names = stdout.split('\n').filter((line) => line.startsWith(`${cluster}-`));
  if (names.length === 0) throw new KindError(`kind knows no nodes of cluster ${cluster}`);
  const rank = (node: string) => (node.includes('-worker') ? Number(/\d*$/.exec(node)?.[0] || '1') : 1000);
  return names.sort((a, b) => rank(a) - rank(b));
}

/** Delete a cluster of this tool: its witness containers, its nodes, its network. A missing cluster is not an error. */
export async function deleteKindCluster(name: string): Promise<void> {
  const docker = { place: 'docker', timeoutMs: SHORT_MS };
  const { stdout } = await runOrThrow(['docker', 'ps', '--all', '--quiet', '--filter', `label=${CONTAINER_LABEL}=${name}`], docker);
  const witnesses = stdout.split('\n').filter((id) => id !== '');
  if (witnesses.length > 0) await runOrThrow(['docker', 'rm', '--force', '--volumes', ...witnesses], docker);
  await runOrThrow(['kind', 'delete', 'cluster', '--name', name], { place: 'kind', timeoutMs: CREATE_MS });
  const networks = await runOrThrow(['docker', 'network', 'ls', '--quiet', '--filter', `name=^${name}$`], docker);
  if (networks.stdout.trim() !== '') await runOrThrow(['docker', 'network', 'rm', name], docker);
}

/** Names of kind's clusters; empty if there is no kind or no engine. */
export async function kindClusters(): Promise<string[]> {
  const { stdout, exitCode } = await run(['kind', 'get', 'clusters'], { place: 'kind', timeoutMs: SHORT_MS });
  return exitCode === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
}

/** Remove the kubeconfigs of deleted clusters whose run had been killed. */
export async function removeKubeconfigs(): Promise<void> {
  const left = (await readdir(tmpdir())).filter((name) => name.startsWith(FOLDER_PREFIX));
  await Promise.all(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })));
}
