import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentError } from '../model/environment-error.ts';
import type { Kube } from './kube.ts';
import { KubeError } from './kube-error.ts';
import { type KubeObject, nodeMeantFor } from './object.ts';

/** What to wait for, and how to look at its state. */
export interface Wait<Value> {
  /** `2 pods of demo ready`, for messages. */
  readonly what: string;
  /** The value when the condition is true; else a sentence that says what is still missing. */
  look(): Promise<{ readonly done: Value } | { readonly missing: string }>;
  readonly limitMs: number;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The condition did not come true in time; the message says what was missing last. */
export class WaitTimeoutError extends EnvironmentError {
  override readonly name = 'WaitTimeoutError';

  constructor(what: string, limitMs: number, missing: string) {
    super(`waited ${limitMs / 1000} s for ${what}: ${missing}`);
  }
}

/** Watches hang on broken connections (1.4) and are cut after 30 s (2.0; kubernetes-client/javascript#3020), so the server is polled. */
const POLL_MS = 500;

/**
 * Wait until a condition is true, and say what is missing whenever that changes. An API server that gives no answer, or says that it cannot
 * answer now, is asked again until the limit: it may be busy or start again. @throws WaitTimeoutError
 */
export async function waitFor<Value>({ what, look, limitMs, progress, signal }: Wait<Value>): Promise<Value> {
  const until = performance.now() + limitMs;
  let said = '';
  for (;;) {
    signal?.throwIfAborted();
    const state = await look().catch((error: unknown) => ({ missing: whyLater(error) }));
    if ('done' in state) return state.done;
    if (state.missing !== said) progress?.(`waiting for ${what}: ${state.missing}`);
    said = state.missing;
    if (performance.now() > until) throw new WaitTimeoutError(what, limitMs, said);
    await pause(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
}

/** Why a request has to be sent again later. @throws what the server refused, and anything that is not of a request */
function whyLater(error: unknown): string {
  if (!(error instanceof KubeError) || (error.status !== undefined && error.status < 500 && error.status !== 429)) throw error;
  return error.message;
}

/** Pods of a selector, when their number is as expected and all are ready. */
export function podsReady(
  kube: Kube,
  where: { readonly namespace?: string; readonly labelSelector: string; readonly count: number },
  options: Omit<Wait<KubeObject[]>, 'what' | 'look'>,
): Promise<KubeObject[]> {
  return waitFor({
    ...options,
    what: `${where.count} pod(s) with ${where.labelSelector} to be ready`,
    look: async () => {
      const pods = (await kube.list('v1', 'Pod', where.namespace, where.labelSelector)).filter(
        (pod) => pod.metadata.deletionTimestamp === undefined,
      );
      const waiting = pods.filter((pod) => !isReady(pod));
      if (pods.length >= where.count && waiting.length === 0) return { done: pods };
      const each = waiting.map((pod) => `${pod.metadata.name} ${whyNotReady(pod)}`);
      return { missing: [`${pods.length - waiting.length} of ${where.count} ready`, ...each].join('; ') };
    },
  });
}

/** How long is waited for nodes that refuse a pod, once every other node has its own: an image may still come on the next try. */
const REFUSED_MS = 60_000;

/** What became of pods that every node should have. */
export interface PodsOfNodes {
  /** Of the nodes that have all of theirs. */
  readonly pods: readonly KubeObject[];
  /** Why a node has not. */
  readonly without: ReadonlyMap<string, string>;
}

/**
 * Pods of a selector on every node that should have some. A node that refuses its pods (no image, no room, no such runtime) costs no more
 * than a minute once the others are ready, and one that says nothing the whole limit; neither costs the others.
 * @param where `wanted`: how many by node
 */
export async function podsOfNodes(
  kube: Kube,
  where: { readonly namespace: string; readonly labelSelector: string; readonly wanted: ReadonlyMap<string, number> },
  options: Omit<Wait<PodsOfNodes>, 'what' | 'look'> & { readonly refusedMs?: number },
): Promise<PodsOfNodes> {
  const { namespace, labelSelector, wanted } = where;
  const { limitMs, refusedMs = REFUSED_MS } = options;
  const until = performance.now() + limitMs;
  let refusedUntil = Number.POSITIVE_INFINITY;
  return waitFor({
    ...options,
    what: `pods with ${labelSelector} on ${wanted.size} node(s)`,
    look: async () => {
      const all = (await kube.list('v1', 'Pod', namespace, labelSelector)).filter((pod) => pod.metadata.deletionTimestamp === undefined);
      const byNode = Map.groupBy(all, nodeMeantFor);
      const own = (node: string): readonly KubeObject[] => byNode.get(node) ?? [];
      const late = [...wanted].filter(([node, count]) => own(node).length < count || !own(node).every(isReady)).map(([node]) => node);
      const without = new Map(late.map((node) => [node, whyWithout(own(node))]));
      const now = performance.now();
      const refused = late.length > 0 && late.every((node) => own(node).some(isRefused));
      refusedUntil = refused ? Math.min(refusedUntil, now + refusedMs) : Number.POSITIVE_INFINITY;
      if (late.length === 0 || now >= until || now >= refusedUntil) {
        const pods = [...wanted.keys()].filter((node) => !without.has(node)).flatMap(own);
        return { done: { pods, without } };
      }
      return { missing: [...without].map(([node, why]) => `${node}: ${why}`).join('; ') };
    },
  });
}

function whyWithout(pods: readonly KubeObject[]): string {
  const waiting = pods.find((pod) => !isReady(pod));
  return waiting === undefined ? 'no pod was made for it' : `pod ${waiting.metadata.name} is not ready: ${whyNotReady(waiting)}`;
}

/** Reasons of a container that waits for something that only a person can change, or that is unlikely to come by itself. */
const REFUSALS = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
];

/** Whether a pod will most likely never run on its node. */
function isRefused(pod: KubeObject): boolean {
  const status = pod.status as PodStatus | undefined;
  const waits = status?.containerStatuses?.some(({ state }) => REFUSALS.includes(state?.waiting?.reason ?? ''));
  return status?.phase === 'Failed' || waits === true || status?.conditions?.some(isUnscheduled) === true;
}

function isUnscheduled({ type, status }: PodCondition): boolean {
  return type === 'PodScheduled' && status === 'False';
}

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}

interface PodStatus {
  readonly phase?: string;
  /** Why a kubelet refused the pod: `OutOfcpu`, `NodeAffinity`, `Evicted`. */
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly PodCondition[];
  readonly containerStatuses?: readonly {
    readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  }[];
}

/** Whether a pod says that it is ready. */
export function isReady(pod: KubeObject): boolean {
  return (pod.status as PodStatus | undefined)?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** `ImagePullBackOff: …`, else the phase. */
function whyNotReady(pod: KubeObject): string {
  const status = pod.status as PodStatus | undefined;
  const waiting = status?.containerStatuses?.find(({ state }) => state?.waiting !== undefined)?.state?.waiting;
  const unscheduled = status?.conditions?.find(isUnscheduled);
  const said = [waiting, status].find((one) => one?.reason !== undefined);
  if (said?.reason !== undefined)
    return [said.reason, said.message]
      .filter((part) => part !== undefined)
      .join(': ')
      .slice(0, 200);
  return unscheduled?.message?.slice(0, 200) ?? status?.phase ?? 'has no status yet';
}
