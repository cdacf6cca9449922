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
