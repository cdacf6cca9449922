import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent, StackName } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import type { Snapshot } from '../model/recording.ts';
import type { Collector } from './collector.ts';
import type { KeyDerivation } from './key-derivation.ts';
import type { Profile, Sourced } from './profile.ts';
import type { MeshReadings, Readings } from './readings.ts';
import type { Words } from './words.ts';

/** Devices of a node by purpose; null if the stack has none, or the profile is unknown. */
export interface Devices {
  /** The agent's own device, which has the node's internal address. */
  readonly host: string | null;
  /** Where pod packets enter the tunnel; null if packets are routed without one. */
  readonly tunnel: string | null;
  readonly wireguard: string | null;
}

/** How long an old IPsec key may stay after a rotation. */
export interface KeyRotation {
  /** The option of the agents for the lifetime of the old key, and its default in seconds. */
  readonly option: string;
  readonly defaultSeconds: number;
  /** Seconds within which an agent removes expired keys. */
  readonly reclaimSeconds: number;
}

/** How a stack marks and routes its packets; only the bits 0xf00 of a mark count. */
export interface OwnRouting {
  /** The mark of a packet that must leave encrypted; null if only routes decide. */
  readonly encryptMark: number | null;
  /** Marks of the stack. */
  readonly marks: readonly number[];
  /** Routing tables that it uses. */
  readonly tables: readonly string[];
}

/**
 * Outputs that are read directly one after the other, and again while they contradict each other, because the state may change in between.
 */
export interface ReadTogether {
  readonly collectors: readonly string[];
  /** How the stored outputs contradict each other, given by collector; null if they agree or cannot be compared. */
  difference(outputs: ReadonlyMap<string, string>): string | null;
}

/** How the pods of a namespace become part of a mesh. */
export interface Enrolment {
  /** Put on the namespace. */
  readonly labels: Sourced<Readonly<Record<string, string>>>;
  readonly annotations: Sourced<Readonly<Record<string, string>>>;
  /** Whether pods that run already are enrolled too; else only those that are created afterwards. */
  readonly runningPods: Sourced<boolean>;
  /** Namespace and label selector of the pods of the proxies; null where each pod has its own. */
  readonly proxies: Sourced<{ readonly namespace: string; readonly selector: string }> | null;
}

/** The product that encrypts. Everything particular to a product is behind this interface; the rest of the harness names none. */
export interface Stack {
  readonly name: StackName;
  /** What each known version does, oldest first. */
  readonly profiles: readonly Profile[];
  /** The profile of a version as written by users. Null for a version without one: the profile of a neighbouring version is never used. */
  profileFor(version: string): Profile | null;
  /** The id of the profile of a version, also if there is no such profile; null for a text that is not a version. */
  profileIdOf(version: string): string | null;
  /** Default claims of a run. */
  readonly defaults: { readonly profile: string; readonly modes: readonly Mode[]; readonly routing: Routing };
  /** A claim that is impossible for this stack, and why; null if there is none. */
  refuse(intent: Intent): { readonly claim: keyof Intent; readonly why: string } | null;
  /** What is read in each snapshot, in this order. After the traffic only what may have changed is read again. */
  collectors(cluster: ClusterDescription, intent: Intent, snapshot: Snapshot): readonly Collector[];
  /** Pods hold connections to each other after the traffic of the judged phase, and the snapshot `connected` is read; absent: never. */
  readonly readsConnected?: (intent: Intent) => boolean;
  /** Outputs of one node that describe the same state; absent if a stack has none. */
  readonly readTogether?: ReadTogether;
  /** Outputs of its agents and objects; null if there are none, and everything is in the kernels. */
  readonly readings: Readings | null;
  /** Outputs of the proxies of pods; absent for a stack without any. */
  readonly meshReadings?: MeshReadings;
  /** Absent for a stack that encrypts between nodes, and for the mesh of the lab. */
  readonly enrolment?: Enrolment;
  devices(intent: Pick<Intent, 'profile' | 'routing'>): Devices;
  readonly routing: OwnRouting;
  /** Null if keys are not rotated by id. */
  readonly keyRotation: KeyRotation | null;
  /** How keys of SAs derive from the Secret; null for a stack without IPsec. */
  readonly keyDerivation: KeyDerivation | null;
  /** Its words for the texts of checks. */
  words(intent: Pick<Intent, 'profile'>): Words;
}
