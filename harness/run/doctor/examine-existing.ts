import type { Kube } from '../../kube/kube.ts';
import { openKube } from '../../kube/kube.ts';
import type { MachineFinding } from './examine-machine.ts';

/** What a run asks of the API server, each as the access review has it. */
const RIGHTS: readonly {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly optional?: boolean;
}[] = [
  { verb: 'list', group: '', resource: 'nodes' },
  { verb: 'list', group: 'cilium.io', resource: 'ciliumnodes' },
  { verb: 'create', group: '', resource: 'namespaces', optional: true },
  { verb: 'create', group: 'apps', resource: 'daemonsets' },
  { verb: 'create', group: '', resource: 'pods' },
  { verb: 'create', group: '', resource: 'services' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec' },
  { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'kube-system' },
  { verb: 'get', group: '', resource: 'configmaps', namespace: 'kube-system' },
  { verb: 'get', group: '', resource: 'secrets', namespace: 'kube-system', optional: true },
];

export interface ExistingQuestion {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Where a run would create; of its own where absent. */
  readonly namespace?: string;
}

/** What a cluster has and lacks for a run, and what this user may do there. Creates nothing. */
export async function examineExisting(question: ExistingQuestion): Promise<MachineFinding[]> {
  const name = 'cluster';
  let kube: Kube;
  try {
    kube = await openKube(question);
    const version = await kube.version();
    const nodes = await kube.list('v1', 'Node', undefined, 'kubernetes.io/os=linux');
    const agents = await kube.list('v1', 'Pod', 'kube-system', 'k8s-app=cilium');
    return [
      { name, state: 'ok', detail: `${kube.name}, Kubernetes ${version}`, mend: '' },
      {
        name: 'nodes',
        state: nodes.length >= 2 ? 'ok' : 'missing',
        detail: `${nodes.length} with Linux, needed are 2 or more`,
        mend: nodes.length >= 2 ? '' : 'examine a cluster with more nodes',
      },
      {
        name: 'agents',
        state: agents.length > 0 ? 'ok' : 'optional',
        detail: `${agents.length} pod(s) with k8s-app=cilium in kube-system`,
        mend: agents.length > 0 ? '' : 'name their namespace with --cilium-namespace; without agents their checks are not exercised',
      },
      ...(await Promise.all(RIGHTS.map((right) => examineRight(kube, right, question.namespace)))),
    ];
  } catch (error) {
    return [
      {
        name,
        state: 'missing',
        detail: (error as Error).message,
        mend: 'name a kubeconfig and a context that work: kubectl --context NAME get nodes',
      },
    ];
  }
}

async function examineRight(kube: Kube, right: (typeof RIGHTS)[number], own: string | undefined): Promise<MachineFinding> {
  const { verb, group, resource, subresource, optional = false } = right;
  const namespace = right.namespace ?? own;
  const what = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
  const allowed = await kube.may({
    verb,
    group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
  });
  return {
    name: 'right',
    state: allowed ? 'ok' : optional ? 'optional' : 'missing',
    detail: `${what}: ${allowed ? 'yes' : 'no'}`,
    mend: allowed ? '' : 'kubectl apply -f deploy/rbac.yaml',
  };
}
