import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentError } from '../model/environment-error.ts';
import type { Kube } from './kube.ts';
import type { KubeObject } from './object.ts';

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

/** Wait until a condition is true, and say what is missing whenever that changes. @throws WaitTimeoutError */
export async function waitFor<Value>({ what, look, limitMs, progress, signal }: Wait<Value>): Promise<Value> {
  const until = performance.now() + limitMs;
  let said = '';
  for (;;) {
    signal?.throwIfAborted();
    const state = await look();
    if ('done' in state) return state.done;
    if (state.missing !== said) progress?.(`waiting for ${what}: ${state.missing}`);
    said = state.missing;
    if (performance.now() > until) throw new WaitTimeoutError(what, limitMs, said);
    await pause(POLL_MS, undefined, signal === undefined ? {} : { signal });
  }
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

interface PodStatus {
  readonly phase?: string;
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
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
  const unscheduled = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (waiting?.reason !== undefined)
    return [waiting.reason, waiting.message]
      .filter((part) => part !== undefined)
      .join(': ')
      .slice(0, 200);
  return unscheduled?.message?.slice(0, 200) ?? status?.phase ?? 'has no status yet';
}
