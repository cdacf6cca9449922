import type { Kube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { waitFor } from '../../harness/kube/wait.ts';
import type { ClusterDescription } from '../../harness/model/cluster.ts';
import { EnvironmentError } from '../../harness/model/environment-error.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import type { EnrolledPod } from '../../harness/stacks/readings.ts';
import type { Enrolment, Stack } from '../../harness/stacks/stack.ts';

const READING = { timeoutMs: LIMITS_MS.read, idempotent: true };
/** A mesh writes the redirection of a pod within seconds. */
const ENROLLED_MS = 180_000;

/** A namespace with what enrols its pods. */
export function enrolled(namespace: KubeObject, { labels, annotations }: Enrolment): KubeObject {
  const { metadata } = namespace;
  return {
    ...namespace,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...labels.value },
      ...(Object.keys(annotations.value).length === 0 ? {} : { annotations: { ...metadata.annotations, ...annotations.value } }),
    },
  };
}

/** `istio.io/dataplane-mode=ambient`. */
export function enrolmentWords({ labels, annotations }: Enrolment): string {
  return Object.entries({ ...labels.value, ...annotations.value })
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** @throws EnvironmentError for a namespace of the user that is not enrolled: the harness changes nothing in it */
export async function expectEnrolled(kube: Kube, namespace: string, enrolment: Enrolment): Promise<void> {
  const found = await kube.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const { labels = {}, annotations = {} } = found?.metadata ?? {};
  const isThere = (has: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean =>
    Object.entries(wanted).every(([name, value]) => has[name] === value);
  if (isThere(labels, enrolment.labels.value) && isThere(annotations, enrolment.annotations.value)) return;
  throw new EnvironmentError(
    `namespace ${namespace} is not enrolled in the mesh: it needs ${enrolmentWords(enrolment)}; without --namespace the run makes one of its own and enrols it`,
  );
}

/** What must be known to ask a mesh about its pods. */
export interface MeshView {
  readonly stack: Stack;
  readonly intent: Intent;
  readonly description: ClusterDescription;
  readonly api: Shell;
  agent(node: string): Shell;
}

/** Waits until the mesh says of every pod that it is enrolled. @throws WaitTimeoutError with the first pod that is not, and what is said of it */
export async function awaitEnrolled(
  view: MeshView,
  more: { readonly progress: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const { pods } = view.description;
  await waitFor({
    what: `${pods.length} pods to be enrolled in the mesh`,
    limitMs: ENROLLED_MS,
    ...more,
    look: async () => {
      const said = await enrolmentOf(view);
      for (const { namespace, name, node } of pods) {
        const entry = said.find(
          (one) => (one.node ?? node) === node && (one.pod === `${namespace}/${name}` || one.pod === `${namespace}/`),
        );
        if (entry?.enrolled !== true) return { missing: `${namespace}/${name} on ${node}: ${entry?.says ?? 'the mesh does not name it'}` };
      }
      return { done: undefined };
    },
  });
}

async function enrolmentOf({
  stack,
  intent,
  description,
  api,
  agent,
}: MeshView): Promise<readonly (EnrolledPod & { readonly node: string | null })[]> {
  const reading = stack.meshReadings?.enrolment;
  if (reading === undefined) return [];
  const collectors = stack.collectors(description, intent, 'before').filter(({ collector }) => collector === reading.collector);
  const said = await Promise.all(
    collectors.map(async ({ shell, argv, node }) => {
      const answer = await (shell === 'api' || node === null ? api : agent(node)).run(argv, READING);
      return answer.exitCode === 0 ? reading.decode(answer.stdout).items.map((item) => ({ ...item, node })) : [];
    }),
  );
  return said.flat();
}
