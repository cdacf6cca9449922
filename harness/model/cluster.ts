import type { CommandResult, Shell } from './shell.ts';

/** Where a cluster runs; caps what its evidence may be said to prove. */
export type EnvironmentClass = 'lab' | 'ephemeral-test' | 'pre-production' | 'production-readonly';

/** A node as the provider knows it. Addresses are without prefix length, CIDRs with. */
export interface NodeDescription {
  readonly name: string;
  /** Node (underlay) addresses, IPv4 first. */
  readonly addresses: readonly string[];
  readonly podCidrs: readonly string[];
  /** Addresses of cilium_host, the CiliumInternalIPs. */
  readonly ciliumInternal: readonly string[];
  readonly bootId?: string;
  /** The uplink that carries node traffic, for instance `eth0`. */
  readonly uplink: string;
}

export interface PodDescription {
  readonly name: string;
  readonly namespace: string;
  readonly node: string;
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Host side of the pod's veth, where known: `lxc…`. */
  readonly hostInterface?: string;
  /** TCP port on which the pod serves HTTP, if it does. */
  readonly httpPort?: number;
}

export interface ServiceDescription {
  readonly name: string;
  readonly namespace: string;
  readonly addresses: readonly string[];
  readonly port: number;
  /** `namespace/name` of the pods behind it. */
  readonly backends: readonly string[];
}

/** Something a cluster can or cannot do; an absent capability always carries the reason. */
export interface Capability {
  readonly available: boolean;
  readonly reason: string;
}

export interface ClusterDescription {
  readonly name: string;
  readonly provider: string;
  readonly environmentClass: EnvironmentClass;
  readonly nodes: readonly NodeDescription[];
  readonly pods: readonly PodDescription[];
  readonly services: readonly ServiceDescription[];
  /** Component versions: `kernel`, `cilium`, `tcpdump`, `iproute2` … */
  readonly versions: Readonly<Record<string, string>>;
  /** `wire-tap`, `agent-shell`, `faults` … */
  readonly capabilities: Readonly<Record<string, Capability>>;
}

/** Pods and services of the demo applications. */
export interface Workloads {
  /** Run a command in the pod's network namespace. */
  shell(pod: string): Shell;
  exec(pod: string, argv: readonly string[]): Promise<CommandResult>;
}

/** The encryption keys of a cluster. The key itself never leaves the provider. */
export interface EncryptionKeys {
  /** Safe facts about the key in force; `id` is the SPI for IPsec, 255 for WireGuard, 0 for off. */
  current(): Promise<{ id: number; algorithm: string; fingerprint: string }>;
}

/** A fault that a provider can inject by real operations. */
export interface Faults {
  list(): readonly string[];
  /** Whether the fault takes the place of turning encryption on, or is made once it is on. @throws RangeError for an unknown id */
  moment(id: string): 'instead-of-enable' | 'after-enable';
  inject(id: string): Promise<void>;
}

/** A cluster that is up. Disposing it leaves nothing behind. */
export interface Cluster extends AsyncDisposable {
  readonly description: ClusterDescription;
  /** The node's network namespace, with ip, wg, tcpdump. */
  host(node: string): Shell;
  /** The Cilium agent of the node. */
  agent(node: string): Shell;
  /** The independent tap outside the nodes, and the interface to capture on there. */
  readonly wire: { readonly shell: Shell; readonly interface: string } | undefined;
  /** The API server's view: CiliumNode objects, Secret metadata, ConfigMap (`kubectl get … -o yaml`). */
  readonly api: Shell | undefined;
  readonly workloads: Workloads;
  readonly keys: EncryptionKeys;
  readonly faults: Faults | undefined;
  /** Turn encryption on as the intent says. Idempotent. Absent where the harness may not change the cluster. */
  enableEncryption?(): Promise<void>;
}
