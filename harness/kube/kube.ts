import type { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { kubeError } from './kube-error.ts';
import { type KubeObject, type KubeReference, objectName } from './object.ts';

/** Which cluster: a kubeconfig file and a context in it; without them what kubectl would use, or the service account of the pod. */
export interface KubeTarget {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Field manager of everything applied, visible in `managedFields`. */
const FIELD_MANAGER = 'wirewitness';
/** Context of the cluster at localhost:8080 that client-node assumes without a kubeconfig (loadFromDefault). */
const MADE_UP_CONTEXT = 'loaded-context';
/** client-node has no time limit. Until a minute is over a busy API server may still answer (kube-apiserver, `--request-timeout`). */
const REQUEST_MS = 60_000;

/** An action on resources; without a namespace, in all of them. */
export interface KubeAction {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  /** The object, because a role may name it. */
  readonly name?: string;
}

/** Which part of a log. */
export interface LogBounds {
  /** Only the last lines. */
  readonly tailLines?: number;
  /** Only what was written in the last seconds. */
  readonly sinceSeconds?: number;
  /** Only the first bytes of that. */
  readonly limitBytes?: number;
}

/** The part of a cluster's API that is needed here. Every call rejects with a KubeError that names the request. */
export interface Kube {
  /** For messages: the context and the server. */
  readonly name: string;
  /** The context alone. */
  readonly context: string;
  readonly config: KubeConfig;
  /** Server-side apply: creates or changes, and owns only the fields given. */
  apply(object: KubeObject): Promise<KubeObject>;
  /** Undefined when there is none of this name (or of this kind). */
  read(reference: KubeReference): Promise<KubeObject | undefined>;
  /** Also empty when the cluster has no such kind. @param namespace all of them without it */
  list(apiVersion: string, kind: string, namespace?: string, labelSelector?: string): Promise<KubeObject[]>;
  /** True when there was something to delete. */
  remove(reference: KubeReference, graceSeconds?: number): Promise<boolean>;
  /** The log of a container within the bounds. */
  log(namespace: string, pod: string, container: string, bounds: LogBounds): Promise<string>;
  /** Whether this user may do something, as the server's own access review says. */
  may(action: KubeAction): Promise<boolean>;
  /** Version of the server: `v1.34.4`. */
  version(): Promise<string>;
}

/** Open a cluster. The client takes 0.4 s to load, so it is loaded here. @throws KubeError for a context that is not there */
export async function openKube(target: KubeTarget = {}): Promise<Kube> {
  const k8s = await import('@kubernetes/client-node');
  const config = new k8s.KubeConfig();
  try {
    if (target.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(target.kubeconfig);
  } catch (error) {
    throw kubeError(`kubeconfig ${target.kubeconfig ?? '(default)'}`, error);
  }
  if (target.context !== undefined) {
    const known = config.getContexts().map(({ name }) => name);
    if (!known.includes(target.context))
      throw kubeError(`context ${target.context}`, new Error(`there is none of this name; known: ${known.join(', ') || 'none'}`));
    config.setCurrentContext(target.context);
  }
  // client-node uses this context when it finds no configuration.
  if (target.kubeconfig === undefined && config.getCurrentContext() === MADE_UP_CONTEXT)
    throw kubeError('kubeconfig', new Error('none was found, and this is not a pod: name one with --kubeconfig or KUBECONFIG'));
  const server = config.getCurrentCluster()?.server;
  if (server === undefined)
    throw kubeError(`kubeconfig ${target.kubeconfig ?? '(default)'}`, new Error('no current context: name one with --context'));
  const objects = k8s.KubernetesObjectApi.makeApiClient(config);
  const core = config.makeApiClient(k8s.CoreV1Api);
  const authorization = config.makeApiClient(k8s.AuthorizationV1Api);
  const versions = config.makeApiClient(k8s.VersionApi);
  return {
    name: `${config.getCurrentContext()} (${server})`,
    context: config.getCurrentContext(),
    config,
    apply: (object) =>
      bounded(`apply ${objectName(object)}`, () =>
        objects.patch(object as never, undefined, undefined, FIELD_MANAGER, true, k8s.PatchStrategy.ServerSideApply),
      ) as Promise<KubeObject>,
    read: (reference) =>
      absent(bounded(`read ${objectName(reference)}`, () => objects.read(reference as never))) as Promise<KubeObject | undefined>,
    list: (apiVersion, kind, namespace, labelSelector) => listAll(objects, apiVersion, kind, namespace, labelSelector),
    remove: async (reference, graceSeconds) =>
      (await absent(
        bounded(`delete ${objectName(reference)}`, () =>
          objects.delete(reference as never, undefined, undefined, graceSeconds, undefined, 'Background'),
        ),
      )) !== undefined,
    log: (namespace, pod, container, bounds) =>
      bounded(`log of ${namespace}/${pod}`, () => core.readNamespacedPodLog({ namespace, name: pod, container, ...bounds })),
    may: async (action) => {
      const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: action } };
      const answer = await bounded(`access review of ${action.verb} ${action.resource}`, () =>
        authorization.createSelfSubjectAccessReview({ body: review }),
      );
      return answer.status?.allowed ?? false;
    },
    version: async () => (await bounded('version', () => versions.getCode())).gitVersion,
  };
}

async function listAll(
  objects: KubernetesObjectApi,
  apiVersion: string,
  kind: string,
  namespace?: string,
  labelSelector?: string,
): Promise<KubeObject[]> {
  const request = `list ${kind}${namespace === undefined ? '' : ` in ${namespace}`}`;
  const call = () => objects.list(apiVersion, kind, namespace, undefined, undefined, undefined, undefined, labelSelector);
  const answer = await absent(bounded(request, call), [/Unrecognized API version and kind/]);
  // The items of a list carry neither.
  return (answer?.items ?? []).map((item) => ({ ...item, apiVersion, kind }) as KubeObject);
}

/** One request within the limit. The client has no other way to limit it than to stop waiting. */
async function bounded<Value>(request: string, call: () => Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${REQUEST_MS} ms`)), REQUEST_MS);
  });
  try {
    return await Promise.race([call(), late]);
  } catch (error) {
    throw kubeError(request, error);
  } finally {
    clearTimeout(timer);
  }
}

async function absent<Value>(answer: Promise<Value>, alsoAbsent: readonly RegExp[] = []): Promise<Value | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { status, message } = error as { status?: number; message: string };
    if (status === 404 || alsoAbsent.some((pattern) => pattern.test(message))) return undefined;
    throw error;
  }
}
