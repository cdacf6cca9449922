import { type Kube, openKube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import type { ClusterProvider } from '../../harness/model/provider.ts';
import { EGRESS_GATEWAY_IN_LAB_ONLY } from '../demo/egress-gateway.ts';
import { attachExisting, type ExistingSpec } from './existing.ts';

/** How an existing cluster is examined. */
export interface ExistingOptions extends Omit<ExistingSpec, 'kube' | 'signal' | 'approve' | 'mode' | 'families' | 'injects'> {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Called with everything that will be created in a cluster, before anything is; rejects to stop. */
  readonly approve: (cluster: Pick<Kube, 'name' | 'context'>, objects: readonly KubeObject[]) => Promise<void>;
  /** The context of the cluster in which a readable packet of a pod may be sent; absent: nowhere. */
  readonly injectInbound?: string;
}

/** An existing cluster: only what the plan names is created, and all of it is removed at the end. */
export function existingProvider(options: ExistingOptions): ClusterProvider {
  const { approve, progress } = options;
  let kube: Kube | undefined;
  return {
    name: 'existing',
    refuse: ({ mode, nodeEncryption, egressGateway }) =>
      egressGateway !== undefined
        ? { claim: 'egressGateway', why: EGRESS_GATEWAY_IN_LAB_ONLY }
        : mode === 'tls'
          ? { claim: 'mode', why: 'only the lab reads the proxies of a TLS mesh' }
          : mode === 'ipsec' && nodeEncryption
            ? { claim: 'nodeEncryption', why: 'node encryption exists only with WireGuard, not with IPsec' }
            : null,
    detect: async () => {
      try {
        kube = await openKube(options);
        progress(`cluster ${kube.name}, Kubernetes ${await kube.version()}`);
        return { available: true };
      } catch (error) {
        return {
          available: false,
          lacks: error instanceof Error ? error.message : String(error),
          remedy: 'kubectl get nodes shows whether a kubeconfig and a context work',
        };
      }
    },
    open: async ({ mode, families }, signal) => {
      kube ??= await openKube(options);
      const opened = kube;
      const injects = options.injectInbound === opened.context;
      return attachExisting({ ...options, kube, mode, families, signal, injects, approve: (objects) => approve(opened, objects) });
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
