import type { Cluster, ClusterDescription, Workloads } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { ScenarioName } from '../../harness/model/scenario.ts';
import type { Shell } from '../../harness/model/shell.ts';
import type { DatapathOptions } from './context.ts';
import type { NodeKeeper, PodKeeper } from './course.ts';
import { createDatapath } from './datapath.ts';

/** Running nodes and pods, without any connection between the nodes yet. */
export interface DatapathBed {
  readonly description: ClusterDescription;
  host(node: string): Shell;
  /** A pod's network namespace, by `namespace/name`. */
  pod(name: string): Shell;
  readonly pods: PodKeeper;
  /** Absent where nodes cannot be restarted. */
  readonly nodes?: NodeKeeper;
  readonly wire: Cluster['wire'];
  /** Absent where the bed has no client outside the cluster. */
  readonly outside?: Shell;
  readonly workloads: Workloads;
}

/** The keys, how they are rotated, and how the recording begins. */
export interface DatapathChoice
  extends Pick<DatapathOptions, 'keyId' | 'key' | 'updatedInPlace' | 'graceMs' | 'wireguardRotation' | 'progress'> {
  /** What will be recorded: in `node-join` the last node joins later, in `agent-start` its agent starts later. */
  readonly scenario?: ScenarioName;
  /** Default true: the un-encrypted datapath is configured at once, so that an un-encrypted phase can be recorded. */
  readonly clear?: boolean;
}

/** The reference datapath on given nodes, as a cluster. Disposing it cleans the nodes, and rejects if that fails. */
export async function datapathCluster(bed: DatapathBed, intent: Intent, choice: DatapathChoice = {}): Promise<Cluster> {
  const { scenario, clear = true, ...options } = choice;
  const { description, host, pod, pods: podKeeper, nodes: nodeKeeper, wire, outside, workloads } = bed;
  const { nodes, pods } = description;
  const last = nodes.at(-1)?.name;
  const late = last === undefined ? [] : [last];
  const comesLater = scenario === 'node-join' ? { heldBack: late } : scenario === 'agent-start' ? { withoutAgent: late } : {};
  const keeper = nodeKeeper === undefined ? {} : { nodeKeeper };
  const datapath = createDatapath({
    ...options,
    intent,
    nodes,
    pods,
    ...(description.outside === undefined ? {} : { outside: description.outside.addresses }),
    host,
    pod,
    podKeeper,
    ...keeper,
    ...comesLater,
  });
  if (clear) {
    options.progress?.('configuring the un-encrypted datapath');
    await datapath.layPlain();
  }
  return {
    description,
    host,
    agent: (node) => datapath.agent(node),
    wire,
    ...(outside === undefined ? {} : { outside, injector: () => outside }),
    api: datapath.api,
    workloads,
    keys: datapath.keys,
    faults: datapath.faults,
    lifecycle: datapath.lifecycle,
    watch: datapath.watch,
    enableEncryption: () => datapath.enable(),
    [Symbol.asyncDispose]: () => datapath.disable(),
  };
}
