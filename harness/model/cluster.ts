import * as z from 'zod';
import type { Data } from './data.ts';
import type { StackName } from './intent.ts';
import type { Family, Mode, Routing } from './mode.ts';
import type { ScenarioName } from './scenario.ts';
import type { Shell } from './shell.ts';

/** Where a cluster runs; limits what its evidence can prove. */
export const environmentClassSchema = z.enum(['lab', 'ephemeral-test', 'pre-production', 'production-readonly']);
export type EnvironmentClass = z.output<typeof environmentClassSchema>;

/** A node as the provider describes it. Addresses are without prefix length, CIDRs with. */
const nodeDescriptionSchema = z.object({
  name: z.string(),
  /** Node (underlay) addresses, IPv4 first. */
  addresses: z.array(z.string()),
  podCidrs: z.array(z.union([z.cidrv4(), z.cidrv6()])),
  /** Addresses of the agent's own device of the node, where the stack has one. */
  internalAddresses: z.array(z.string()),
  /** What the agent answers health checks at: addresses of the pod range that no pod has. Absent where it has none. */
  health: z.object({ addresses: z.array(z.string()), port: z.number() }).exactOptional(),
  bootId: z.string().exactOptional(),
  /** The uplink that carries node traffic, for instance `eth0`; empty where the node could not be asked. */
  uplink: z.string(),
  /** Why nothing of it was recorded: it is not ready, or takes no pods. Absent where it was reached. */
  unreached: z.string().exactOptional(),
});
export type NodeDescription = Data<typeof nodeDescriptionSchema>;

const podDescriptionSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  node: z.string(),
  addresses: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  /** Host side of the pod's veth, where known: `lxc…`. */
  hostInterface: z.string().exactOptional(),
  /** The account that its identity in a mesh names, where known. */
  serviceAccount: z.string().exactOptional(),
  /** TCP port on which the pod serves HTTP, if it does. */
  httpPort: z.number().exactOptional(),
});
export type PodDescription = Data<typeof podDescriptionSchema>;

/**
 * A port by which clients outside the cluster reach a service. `cluster` and `local` are a NodePort by its externalTrafficPolicy: every node
 * takes it, or the nodes of the backends alone; `host-port` is a port of one pod's node.
 */
const nodePortSchema = z.object({ port: z.number(), kind: z.enum(['cluster', 'local', 'host-port']) });
export type NodePort = Data<typeof nodePortSchema>;

const serviceDescriptionSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  /** Its own addresses; none where it is reached by a port of nodes alone. */
  addresses: z.array(z.string()),
  port: z.number(),
  nodePort: nodePortSchema.exactOptional(),
  /** `namespace/name` of the pods behind it. */
  backends: z.array(z.string()),
});
export type ServiceDescription = Data<typeof serviceDescriptionSchema>;

/** Something a cluster can or cannot do; an absent capability always carries the reason. */
const capabilitySchema = z.object({ available: z.boolean(), reason: z.string() });
export type Capability = Data<typeof capabilitySchema>;

export const clusterDescriptionSchema = z.object({
  name: z.string(),
  provider: z.string(),
  environmentClass: environmentClassSchema,
  nodes: z.array(nodeDescriptionSchema),
  pods: z.array(podDescriptionSchema),
  services: z.array(serviceDescriptionSchema),
  /** The harness's client outside the cluster, which has an address of no node and no pod; absent where there is none. */
  outside: z.object({ name: z.string(), addresses: z.array(z.string()) }).exactOptional(),
  /** Component versions: `kernel`, the stack's by its name, `tcpdump`, `iproute2` … */
  versions: z.record(z.string(), z.string()),
  /** `wire-tap`, `agent-shell`, `faults` … */
  capabilities: z.record(z.string(), capabilitySchema),
  /** Kubernetes namespace of the stack's agents, where it is not the usual one. */
  agentNamespace: z.string().exactOptional(),
});
export type ClusterDescription = Data<typeof clusterDescriptionSchema>;

/** Pods and services of the demo applications. */
export interface Workloads {
  /** Run a command in the pod's network namespace. */
  shell(pod: string): Shell;
}

/** The encryption keys of a cluster. A key leaves the provider only for hashing. */
export interface EncryptionKeys {
  /** Facts about the key in use that are not secret; `id` is the SPI for IPsec, 255 for WireGuard, 0 for off. */
  current(): Promise<{ id: number; algorithm: string; fingerprint: string }>;
  /**
   * Change the key as users do, and return when the cluster has completed it: IPsec from id n to n+1 (15 to 1) with the grace time in which
   * both are valid, WireGuard by a new key pair of one node. `step` is called at the start of each step; in a cluster of the harness, the
   * step begins when the returned promise has resolved.
   */
  rotate?(step: (name: string, detail: Readonly<Record<string, unknown>>) => Promise<void>): Promise<void>;
  /**
   * Passes each secret in use to the visitor, IPsec keys and WireGuard private keys as bytes. The visitor hashes it at once and keeps no
   * copy.
   */
  eachSecret?(visit: (secret: Uint8Array) => void): void;
}

/** What other people may change in a cluster, as its API shows it at one moment. */
export interface ClusterSight {
  /** The key in use; null where users change none, or where it may not be read. */
  readonly key: { readonly id: number; readonly fingerprint: string } | null;
  /** Key id that each node publishes. */
  readonly published: Readonly<Record<string, number>>;
  /** The agent of each node; a node without one, or whose agent is being deleted, is absent. */
  readonly agents: Readonly<Record<string, AgentSight>>;
}

/** One agent. */
export interface AgentSight {
  /** Changes with each start. */
  readonly instance: string;
  readonly ready: boolean;
  readonly version: string;
}

/** Observes what other people change. Both calls reject when the cluster gives no answer. */
export interface ClusterWatch {
  look(): Promise<ClusterSight>;
  /** Nodes whose kernel still has SAs of a key id. */
  holding(keyId: number): Promise<readonly string[]>;
}

/** Changes of the cluster that a scenario makes under load. Each returns when the change is complete. */
export interface Lifecycle {
  /** Start the agent of a node that has pods and was held back without one. */
  startAgent(node: string): Promise<void>;
  restartAgent(node: string): Promise<void>;
  /** A pod that answers as the demo pods do. `started` is called as soon as it can send, which may be before the other nodes know it. */
  addPod(
    pod: { readonly namespace: string; readonly name: string; readonly node: string },
    started: (pod: PodDescription) => Promise<void>,
  ): Promise<PodDescription>;
  /** By `namespace/name`. */
  deletePod(pod: string): Promise<void>;
  /** Add a node of the description that was left out at the start. */
  joinNode(node: string): Promise<void>;
  leaveNode(node: string): Promise<void>;
  /** Cut a node off without drain and start it again, with its pods; `whileOff` is awaited in between. */
  restartNode(node: string, whileOff: () => Promise<void>): Promise<void>;
  disableEncryption(): Promise<void>;
  /** Upgrade to the requested version, one agent after the other. Absent where there is no other version. */
  upgrade?(): Promise<void>;
}

/**
 * When a fault is injected: instead of turning encryption on; after it is on; after the captures of the judged phase are ready and before
 * the flows are driven; by a cluster that gives the recorder false answers ({@link Faults.withFalseAnswers}); or prepared before a scenario that
 * then fails.
 */
export type FaultMoment = 'instead-of-enable' | 'after-enable' | 'during-traffic' | 'false-answers' | 'scenario';

/** The checks that a fault must turn red and those that it may, for some intents: the first cell that matches the intent counts. */
export interface FaultCell {
  readonly mode: Mode;
  /** Absent: any. */
  readonly routings?: readonly Routing[];
  readonly profiles?: readonly string[];
  readonly families?: readonly Family[];
  readonly nodeEncryption?: boolean;
  readonly strictIngress?: boolean;
  readonly presharedKeys?: boolean;
  /** Whether a cryptoperiod is declared. Absent: either. */
  readonly cryptoperiod?: boolean;
  /** Whether SCTP is claimed. Absent: either. */
  readonly sctp?: boolean;
  /** Whether something is claimed of how requests from outside are sent on. Absent: either. */
  readonly loadBalancer?: boolean;
  /** Whether TLS by the kernel is claimed. Absent: either. */
  readonly kernelTls?: boolean;
  /** Whether an egress gateway is claimed. Absent: either. */
  readonly egressGateway?: boolean;
  /** Ids of checks that must be red: `contradicts` or `inconclusive`. */
  readonly reddens: readonly string[];
  /** Ids of checks that follow from the same cause and may be red. Any other red check is a false alarm. */
  readonly implies: readonly string[];
}

/** A fault as the catalogue states it. */
export interface FaultStatement {
  readonly id: string;
  /** Whose encryption it breaks; {@link DEFAULT_STACK} when absent. */
  readonly stack?: StackName;
  /** One sentence: what is wrong after the fault. */
  readonly what: string;
  /** Where it was seen: `F11`, `real 1.18.3`; empty: nowhere. */
  readonly like: string;
  readonly when: FaultMoment;
  readonly scenario: ScenarioName;
  readonly cells: readonly FaultCell[];
  /** Why these checks and no others, with what the kernel showed. */
  readonly why: string;
}

/**
 * Writes to the journal when a fault of a scenario has its effect: before it is made, when it is made, when it is removed. What the captures
 * show is compared with these times.
 */
export type FaultReporter = (event: 'fault-opening' | 'fault-opened' | 'fault-closed', detail: Readonly<Record<string, unknown>>) => void;

/** Faults that a provider can inject with real operations. */
export interface Faults {
  list(): readonly FaultStatement[];
  /** @throws RangeError for an unknown id, or where the layout cannot have the fault */
  inject(id: string, report?: FaultReporter): Promise<void>;
  /** The cluster as a recorder sees it that gets false answers, for faults of the moment `false-answers`. @throws RangeError as inject */
  withFalseAnswers(id: string, cluster: Cluster): Cluster;
}

/** A cluster that is up. Disposing it leaves nothing behind. */
export interface Cluster extends AsyncDisposable {
  readonly description: ClusterDescription;
  /** The node's network namespace, with ip, wg, tcpdump. */
  host(node: string): Shell;
  /** The stack's agent of the node. */
  agent(node: string): Shell;
  /** The independent capture point outside the nodes, and its interface. */
  readonly wire: { readonly shell: Shell; readonly interface: string } | undefined;
  /** The client outside the cluster, where the description has one. */
  readonly outside?: Shell;
  /**
   * Where a readable packet can be put on the wire as if a pod of the node had sent it unencrypted: a place outside the nodes where there is
   * one, else the node itself. Absent where nobody allowed that.
   */
  readonly injector?: (node: string) => Shell;
  /** The API server's view: what nodes publish, Secret metadata, ConfigMap (`kubectl get … -o yaml`). */
  readonly api: Shell | undefined;
  readonly workloads: Workloads;
  readonly keys: EncryptionKeys;
  readonly faults: Faults | undefined;
  /** Absent where the harness may not change the cluster; single changes are absent where only some are allowed. */
  readonly lifecycle?: Partial<Lifecycle>;
  /** Absent where changes by other people cannot be observed. */
  readonly watch?: ClusterWatch;
  /** Turn encryption on as the intent says. Absent where the harness may not change the cluster. */
  enableEncryption?(): Promise<void>;
}
