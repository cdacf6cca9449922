import type { Kube, KubeAction } from '../../kube/kube.ts';
import type { Disruption } from '../../model/scenario.ts';
import { AGENT_DAEMONSET, CONFIG_MAP, KEY_SECRET } from '../../stacks/cilium/names.ts';
import type { MachineFinding } from './examine-machine.ts';

/** Label of a namespace that allows pods on the host's network (Pod Security Admission). */
export const LABEL_ENFORCE = 'pod-security.kubernetes.io/enforce';

interface Right extends KubeAction {
  /** What is missing without it, if a run is possible without it. */
  readonly without?: string;
  /** The file that grants it; deploy/rbac.yaml where absent. */
  readonly role?: string;
}

/** What a run requests from the API server, as deploy/rbac.yaml grants it. @param own namespace in which it creates; absent: a new one */
function rightsOf(agents: string, own: string | undefined): Right[] {
  const there = own === undefined ? {} : { namespace: own };
  return [
    { verb: 'list', group: '', resource: 'nodes' },
    { verb: 'list', group: 'cilium.io', resource: 'ciliumnodes', without: 'what the nodes publish is not judged' },
    ...(own === undefined ? [{ verb: 'create', group: '', resource: 'namespaces' }] : []),
    ...['daemonsets', 'pods', 'services'].flatMap((resource): Right[] =>
      ['create', 'delete'].map((verb) => ({ verb, group: resource === 'daemonsets' ? 'apps' : '', resource, ...there })),
    ),
    { verb: 'create', group: '', resource: 'pods', subresource: 'exec', ...there },
    { verb: 'list', group: '', resource: 'pods', namespace: agents, without: 'the agents’ status is not read' },
    { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: agents, without: 'the agents’ status is not read' },
    {
      verb: 'get',
      group: '',
      resource: 'pods',
      subresource: 'log',
      namespace: agents,
      without: "PRE-04 is inconclusive: the agents' logs are not read",
    },
    { verb: 'get', group: '', resource: 'configmaps', namespace: agents, name: CONFIG_MAP, without: 'the settings are not judged' },
    { verb: 'get', group: '', resource: 'secrets', namespace: agents, name: KEY_SECRET, without: 'the IPsec key is not judged' },
  ];
}

const DISRUPTIVE_ROLE = 'deploy/rbac-disruptive.yaml';

/** What a run also requests when it changes something, as that file grants it. */
const DISRUPTIVE: Readonly<Record<Disruption, readonly KubeAction[]>> = {
  rotation: [{ verb: 'patch', group: '', resource: 'secrets', name: KEY_SECRET }],
  'agent-restart': [
    { verb: 'delete', group: '', resource: 'pods' },
    { verb: 'get', group: 'apps', resource: 'daemonsets', name: AGENT_DAEMONSET },
  ],
};

/** Where a run reads, creates and changes. */
export interface RightsQuestion {
  /** Namespace of the agents. */
  readonly agents: string;
  /** Namespace in which it creates; absent: a new one. */
  readonly own?: string | undefined;
  /** What it changes. */
  readonly disruptions?: readonly Disruption[];
}

/** Whether this user may do what a run does: each right by an access review, with namespace and name. */
export async function examineRights(kube: Kube, { agents, own, disruptions = [] }: RightsQuestion): Promise<MachineFinding[]> {
  const changes = disruptions.flatMap((disruption) => DISRUPTIVE[disruption]);
  const rights: readonly Right[] = [
    ...rightsOf(agents, own),
    ...changes.map((action) => ({ ...action, namespace: agents, role: DISRUPTIVE_ROLE })),
  ];
  return Promise.all(
    rights.map(async ({ without, role = 'deploy/rbac.yaml', ...action }) => {
      const { verb, resource, subresource, namespace, name } = action;
      const allowed = await kube.may(action);
      const object = [resource, ...(subresource === undefined ? [] : [subresource])].join('/');
      const what = `${verb} ${object}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
      const state = allowed ? 'ok' : without === undefined ? 'missing' : 'optional';
      const lacks = allowed || without === undefined ? '' : `: ${without}`;
      return {
        name: 'right',
        state,
        detail: `${what}: ${allowed ? 'yes' : 'no'}${lacks}`,
        fix: allowed ? '' : fixOf(role, own, namespace),
      };
    }),
  );
}

function fixOf(role: string, own: string | undefined, namespace: string | undefined): string {
  // The roles of deploy/rbac.yaml are valid in the namespace that it creates.
  if (own === undefined && namespace === undefined) return 'say --namespace wirewitness after kubectl apply -f deploy/rbac.yaml';
  return `kubectl apply -f ${role}, with this user as a subject of its bindings`;
}
