import type { Cluster, ClusterDescription, Workloads } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import type { DatapathOptions } from './context.ts';
import type { PodKeeper } from './course.ts';
import { createDatapath } from './datapath.ts';

/** Nodes and pods that are up, with nothing between the nodes yet. */
export interface DatapathBed {
  readonly description: ClusterDescription;
  host(node: string): Shell;
  /** A pod's network namespace, by `namespace/name`. */
  pod(name: string): Shell;
  readonly pods: PodKeeper;
  readonly wire: Cluster['wire'];
  readonly workloads: Workloads;
}

/** Which keys there are, what a rotation does with them, and how the recording begins. */
export interface DatapathChoice extends Pick<DatapathOptions, 'keyId' | 'key' | 'graceMs' | 'wireguardRotation' | 'progress'> {
  /** The last node is there from the start, but joins later. */
  readonly lastNodeJoins?: boolean;
  /** Default true: the un-encrypted datapath is set up at once, so that an un-encrypted phase can be recorded. */
  readonly clear?: boolean;
}

/** The reference datapath on a bed, as a cluster. Disposing it leaves the bed as clean as it was, and rejects when it can't. */
export async function datapathCluster(bed: DatapathBed, intent: Intent, choice: DatapathChoice = {}): Promise<Cluster> {
  const { lastNodeJoins = false, clear = true, ...options } = choice;
  const { description, host, pod, pods: podKeeper, wire, workloads } = bed;
  const { nodes, pods } = description;
  const last = nodes.at(-1)?.name;
  const heldBack = lastNodeJoins && last !== undefined ? { heldBack: [last] } : {};
  const datapath = createDatapath({ ...options, intent, nodes, pods, host, pod, podKeeper, ...heldBack });
  if (clear) {
    options.progress?.('laying out the un-encrypted datapath');
    await datapath.layPlain();
  }
  return {
    description,
    host,
    agent: (node) => datapath.agent(node),
    wire,
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
