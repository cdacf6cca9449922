/** A Kubernetes object as in YAML; fields not named here stay unchanged. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly uid?: string;
    /** A date or its text; only its presence counts. */
    readonly deletionTimestamp?: unknown;
  };
  readonly [member: string]: unknown;
}

/** Which object: its kind and name. */
export type KubeReference = Pick<KubeObject, 'apiVersion' | 'kind'> & {
  readonly metadata: { readonly name: string; readonly namespace?: string };
};

/** `Pod demo/web`, for messages. */
export function objectName({ kind, metadata }: KubeReference): string {
  return `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

/** The node on which a pod runs; empty before it is scheduled. */
export function nodeOfPod({ spec }: KubeObject): string {
  return (spec as { readonly nodeName?: string } | undefined)?.nodeName ?? '';
}

interface PodAffinity {
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms?: readonly {
          readonly matchFields?: readonly { readonly key: string; readonly values?: readonly string[] }[];
        }[];
      };
    };
  };
}

/** The node that a pod runs on or waits for: a DaemonSet names it in the affinity of each of its pods. Empty where nothing says it. */
export function nodeMeantFor(pod: KubeObject): string {
  const placed = nodeOfPod(pod);
  if (placed !== '') return placed;
  const terms = (pod.spec as PodAffinity | undefined)?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms;
  const fields = (terms ?? []).flatMap(({ matchFields = [] }) => matchFields);
  return fields.find(({ key }) => key === 'metadata.name')?.values?.[0] ?? '';
}

/** Why a node takes no pods now, as its kubelet's own condition says; undefined where it is ready, or says nothing of it. */
export function whyNodeNotReady({ status }: KubeObject): string | undefined {
  const conditions = (status as { readonly conditions?: readonly NodeCondition[] } | undefined)?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  return ['NotReady', ready.message].filter((part) => part !== undefined && part !== '').join(': ');
}

interface NodeCondition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
}
