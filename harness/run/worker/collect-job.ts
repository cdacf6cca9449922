import type { DigestSource } from '../../judge/digest/collect-digests.ts';
import { type MergedLedger, mergeLedgers, NO_LEDGER, withMissing } from '../../judge/ledger/merge-ledgers.ts';
import type { Kube } from '../../kube/kube.ts';
import { type KubeObject, nodeOfPod } from '../../kube/object.ts';
import { waitFor } from '../../kube/wait.ts';
import { readResult } from './worker-result.ts';

export interface CollectOptions {
  readonly kube: Kube;
  readonly namespace: string;
  /** Name of the Indexed Job. */
  readonly job: string;
  readonly limitMs: number;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

interface JobStatus {
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  readonly succeeded?: number;
  readonly failed?: number;
}

/** No version of the API server cuts a log of this length by default; a worker's result is one line. */
const LOG_LINES = 1000;

/** What the workers of a Job handed in. */
export interface JobResults {
  readonly ledger: MergedLedger;
  /** One for each pod: its digest, or why there is none. */
  readonly digests: readonly DigestSource[];
}

/**
 * Wait for an Indexed Job, and merge the results of its pods. The nodes are those on which the Job's pods may run: a node whose worker
 * failed or did not run has no ledger but a reason.
 */
export async function collectJob({ kube, namespace, job, limitMs, progress, signal }: CollectOptions): Promise<JobResults> {
  const reference = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: job, namespace } };
  const ended = await waitFor({
    what: `job ${namespace}/${job} to end`,
    limitMs,
    progress,
    signal,
    look: async () => {
      const found = await kube.read(reference);
      if (found === undefined) return { missing: 'there is no such job' };
      const status = (found.status ?? {}) as JobStatus;
      const over = status.conditions?.some(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True');
      return over ? { done: found } : { missing: `${status.succeeded ?? 0} succeeded, ${status.failed ?? 0} failed` };
    },
  });
  const pods = await kube.list('v1', 'Pod', namespace, `job-name=${job}`);
  const parts = await Promise.all(pods.map((pod) => partOf(kube, namespace, pod)));
  const digests = parts.flatMap((part) => part.digest);
  const nodes = (await kube.list('v1', 'Node', undefined, 'kubernetes.io/os=linux')).map(({ metadata }) => metadata.name);
  const { completions = nodes.length } = ended.spec as { completions?: number };
  const merged = parts.map((part) => part.ledger).reduce(mergeLedgers, NO_LEDGER);
  const ledger = completions >= nodes.length ? withMissing(merged, nodes, 'no worker of the job ran on it') : merged;
  return { ledger, digests };
}

interface JobPart {
  readonly ledger: MergedLedger;
  /** None for a pod that was never on a node. */
  readonly digest: readonly DigestSource[];
}

async function partOf(kube: Kube, namespace: string, pod: KubeObject): Promise<JobPart> {
  const node = nodeOfPod(pod);
  const from = `worker ${pod.metadata.name}`;
  const { phase = 'unknown' } = pod.status as { phase?: string };
  const without = (why: string): JobPart => ({
    ledger: { nodes: node === '' ? [] : [{ node, ledger: null, gaps: [`${from}: ${why}`] }] },
    digest: node === '' ? [] : [{ from, node, text: null, why }],
  });
  if (phase !== 'Succeeded') return without(`its pod is ${phase}`);
  const container = (pod.spec as { containers: { name: string }[] }).containers[0]?.name ?? '';
  const result = readResult(await kube.log(namespace, pod.metadata.name, container, { tailLines: LOG_LINES }));
  if (typeof result === 'string') return without(result);
  if (result.node !== node) return without(`it says it ran on ${result.node}`);
  const { digest = null, ...own } = result;
  return { ledger: { nodes: [own] }, digest: [{ from, node, text: digest }] };
}
