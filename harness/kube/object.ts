/** A Kubernetes object as YAML has it; what is not named here stays as it came. */
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

/** The node that a pod runs on; empty where it is not placed yet. */
export function nodeOfPod({ spec }: KubeObject): string {
  return (spec as { readonly nodeName?: string } | undefined)?.nodeName ?? '';
}
