import type { Decoded } from '../decode/decoded.ts';
import type { TlsCertificate } from '../decode/tls/certificate.ts';
import type {
  AddressMapEntry,
  AgentStatus,
  ConfigEntry,
  DropCounter,
  EncryptionStatus,
  KeyCopy,
  KeySecret,
  LoggedFlow,
  NodeObject,
} from './agent-items.ts';

/** One output particular to a stack: its collector, and its decoder. */
export interface Reading<T> {
  /** Its name in recordings. */
  readonly collector: string;
  decode(text: string): Decoded<T>;
}

/** A connection as the proxy at one of its ends logged it. */
export interface ProxyConnection {
  readonly direction: 'inbound' | 'outbound';
  /** `address:port`; of an outbound one the source is the application's socket, not the proxy's. */
  readonly source: string;
  readonly destination: string;
  /** SPIFFE ids; empty where the proxy knew none. */
  readonly sourceIdentity: string;
  readonly destinationIdentity: string;
  /** What ended it too early; null for a connection that was in order. */
  readonly error: string | null;
}

/** A workload's certificate, as its proxy says. */
export interface ProxyCertificate {
  /** The identity for which the proxy has it; empty for an authority. */
  readonly identity: string;
  readonly certificate: TlsCertificate;
  /** As it stands in the output, PEM. */
  readonly pem: string;
}

/** Connections of a pod with peers of one identity, as its proxy counts them. */
export interface ProxyPeer {
  /** `namespace/name`. */
  readonly pod: string;
  readonly direction: 'inbound' | 'outbound';
  /** Port of the server for which the connections were. */
  readonly port: number;
  /** Verified identity of the peer; null for connections without mutual TLS. */
  readonly identity: string | null;
  /** Why there is no identity; empty where there is one. */
  readonly why: string;
  readonly connections: number;
}

/** Whether a pod is enrolled, as the mesh itself says. */
export interface EnrolledPod {
  /** `namespace/name`; for a mesh that names only namespaces, `namespace/`. */
  readonly pod: string;
  readonly enrolled: boolean;
  /** What it says. */
  readonly says: string;
}

/** Outputs of the proxies of a mesh; each is absent where the proxies have none. */
export interface MeshReadings {
  /** Of a mesh whose proxies log each connection. */
  readonly connections?: Reading<ProxyConnection>;
  /** Of a mesh whose proxies count them by peer. */
  readonly peers?: Reading<ProxyPeer>;
  readonly certificates?: Reading<ProxyCertificate>;
  /** Certificates of the authorities that they trust. */
  readonly roots?: Reading<ProxyCertificate>;
  /** Said of each node by its own agent or proxies, or of all by the API server. */
  readonly enrolment?: Reading<EnrolledPod> & { readonly of: 'node' | 'api' };
}

/** Outputs of a stack's agents and objects, by their content. */
export interface Readings {
  readonly agentVersion: Reading<string>;
  readonly agentStatus: Reading<AgentStatus>;
  readonly encryptionStatus: Reading<EncryptionStatus>;
  readonly drops: Reading<DropCounter>;
  readonly agentConfig: Reading<ConfigEntry>;
  /** How many settings the agent does not run with as its ConfigMap has them; no item where the agent does not count them. */
  readonly configDrift: Reading<number>;
  readonly addressMap: Reading<AddressMapEntry>;
  /** What the stack's log of flows calls encrypted. */
  readonly flowLog: Reading<LoggedFlow>;
  readonly nodeObjects: Reading<NodeObject>;
  /** Finds the WireGuard public keys that the nodes publish, in an output of `nodeObjects`. */
  readonly publishedKeys: RegExp;
  readonly keySecret: Reading<KeySecret>;
  readonly keyCopy: Reading<KeyCopy>;
  /** When the key's Secret was created, ISO 8601. A key that was put into it later is younger. */
  readonly keyCreated: Reading<string>;
  /** The configuration of the agents at their start. */
  readonly configMap: Reading<ConfigEntry>;
  /** The UDP port of the tunnel in a configuration: none, or one. */
  tunnelPorts(entries: readonly ConfigEntry[]): readonly number[];
  /** Fields of {@link AgentStatus} that say whether the agent works, and whether its dependencies work. */
  readonly health: { readonly agent: string; readonly others: readonly string[] };
}
