import type { Cluster, ClusterDescription, EncryptionKeys, FaultStatement, Lifecycle } from '../../harness/model/cluster.ts';
import { applyScript } from '../datapath/apply.ts';
import type { DatapathBed } from '../datapath/cluster.ts';
import { EMPTY_PLAN } from '../datapath/plan/node-plan.ts';
import { planScript } from '../datapath/plan/script.ts';
import type { View } from '../datapath/topology.ts';

/** What a mesh without agents on a bed is made of. `Context` is what its faults change. */
export interface AgentlessMesh<Context> {
  /** With its article: `a TLS mesh`. */
  readonly title: string;
  readonly pods: ClusterDescription['pods'];
  readonly context: Context;
  readonly faults: readonly (FaultStatement & { inject(context: Context): Promise<void> })[];
  readonly keys: EncryptionKeys;
  /** Absent where nothing is changed during traffic. */
  readonly lifecycle?: Partial<Lifecycle>;
  /** Turns encryption on. */
  enable(): Promise<void>;
  /** What is told when it is on, or broken in its place. */
  readonly enabled: string;
  /** Leaves the bed as clean as it was. @throws LayoutError when something is left */
  takeAway(): Promise<void>;
}

/**
 * A cluster of pods that a mesh encrypts: no agent, no objects, no health endpoints, which are an agent's, and the faults of the mesh.
 * A fault that stands in the place of encryption is kept until encryption is turned on.
 */
export function agentlessCluster<Context>(bed: DatapathBed, mesh: AgentlessMesh<Context>, progress?: (line: string) => void): Cluster {
  const { host, wire, outside, workloads, description } = bed;
  const noAgent = { available: false, reason: `${mesh.title} has no agent` } as const;
  const noObjects = { available: false, reason: `${mesh.title} publishes no objects` } as const;
  let instead: (typeof mesh.faults)[number] | undefined;
  return {
    description: {
      ...description,
      pods: mesh.pods,
      nodes: description.nodes.map(({ health: _, ...node }) => node),
      capabilities: { ...description.capabilities, 'agent-shell': noAgent, 'node-objects': noObjects },
    },
    host,
    agent: (node) => {
      throw new RangeError(`${node}: ${noAgent.reason}`);
    },
    wire,
    ...(outside === undefined ? {} : { outside, injector: () => outside }),
    api: undefined,
    workloads,
    keys: mesh.keys,
    ...(mesh.lifecycle === undefined ? {} : { lifecycle: mesh.lifecycle }),
    faults: {
      list: () => mesh.faults,
      inject: async (id) => {
        const fault = mesh.faults.find((candidate) => candidate.id === id);
        if (fault === undefined)
          throw new RangeError(
            `unknown fault ${JSON.stringify(id)}; ${mesh.title} knows ${mesh.faults.map((known) => known.id).join(', ')}`,
          );
        progress?.(`fault ${fault.id}: ${fault.what}`);
        if (fault.when === 'instead-of-enable') instead = fault;
        else await fault.inject(mesh.context);
      },
      withFalseAnswers: (id) => {
        throw new RangeError(`fault ${id} gives no false answers`);
      },
    },
    enableEncryption: async () => {
      await (instead === undefined ? mesh.enable() : instead.inject(mesh.context));
      progress?.(mesh.enabled);
    },
    [Symbol.asyncDispose]: () => mesh.takeAway(),
  };
}

/** Sends what a pod sends through its node, in packets of at most `mtu` bytes. */
export async function routePods({ pod }: DatapathBed, views: readonly View[], mtu: number): Promise<void> {
  const gateways = views.flatMap(({ self }) => self.pods.map(({ name }) => [name, self.internal] as const));
  await Promise.all(
    gateways.map(([name, gateway]) =>
      applyScript(
        pod(name),
        planScript({ ...EMPTY_PLAN, ip: [`route replace default via ${gateway} dev eth0 mtu ${mtu}`] }),
        `setting the route of the pod, MTU ${mtu}`,
      ),
    ),
  );
}
