import { type Kube, openKube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { STACKS } from '../../harness/model/intent.ts';
import type { ClusterProvider } from '../../harness/model/provider.ts';
import { stackOf } from '../../harness/stacks/stack-of.ts';
import { EGRESS_GATEWAY_IN_LAB_ONLY } from '../demo/egress-gateway.ts';
import { attachExisting, type ExistingSpec } from './existing.ts';

/** Stacks whose pods are enrolled in a mesh. */
const MESHES = STACKS.filter((stack) => stackOf({ stack }).enrolment !== undefined);

/** How an existing cluster is examined. */
export interface ExistingOptions extends Omit<ExistingSpec, 'kube' | 'signal' | 'approve' | 'intent' | 'injects'> {
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
    refuse: (intent) => {
      const { mode, nodeEncryption, egressGateway } = intent;
      if (egressGateway !== undefined) return { claim: 'egressGateway', why: EGRESS_GATEWAY_IN_LAB_ONLY };
      if (mode === 'ipsec' && nodeEncryption)
        return { claim: 'nodeEncryption', why: 'node encryption exists only with WireGuard, not with IPsec' };
      if (mode !== 'tls') return null;
      if (stackOf(intent).enrolment === undefined)
        return { claim: 'stack', why: `the lab has this mesh; of a real one say which it is: --stack ${MESHES.join(', ')}` };
      if (options.disruptions.length > 0)
        return {
          claim: 'mode',
          why: `${options.disruptions.join(', ')} is for the keys and the agents of IPsec and WireGuard, not for a mesh`,
        };
      return null;
    },
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
    open: async (intent, signal) => {
      kube ??= await openKube(options);
      const opened = kube;
      const injects = options.injectInbound === opened.context;
      return attachExisting({ ...options, kube, intent, signal, injects, approve: (objects) => approve(opened, objects) });
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
