import type { Kube } from '../../harness/kube/kube.ts';
import { KubeError } from '../../harness/kube/kube-error.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { waitFor } from '../../harness/kube/wait.ts';

/** How long a new namespace may be without its service account, and an API server without an answer. */
const APPLY_MS = 120_000;

/** How the applying is told of, and stopped. */
export interface Applying {
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Apply objects in their order. A pod in a namespace that was just made is refused until the controller manager has made the namespace's
 * service account (plugin/pkg/admission/serviceaccount of Kubernetes), seconds later on a busy cluster; it is sent again. To look for the
 * account instead would need a right more. An apply can be repeated: it says what must be there.
 * @returns the objects as the API server has them
 */
export async function applyObjects(kube: Kube, objects: readonly KubeObject[], { progress, signal }: Applying): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  for (const object of objects) {
    const done = await waitFor({
      what: `${object.kind} ${object.metadata.name} to be accepted`,
      limitMs: APPLY_MS,
      progress,
      ...(signal === undefined ? {} : { signal }),
      look: () => kube.apply(object).then((answer) => ({ done: answer }), withoutAccount),
    });
    applied.push(done);
  }
  return applied;
}

/** @throws any other refusal */
function withoutAccount(error: unknown): { missing: string } {
  if (error instanceof KubeError && error.status === 403 && /service ?account.*not found/.test(error.message))
    return { missing: error.message };
  throw error;
}
