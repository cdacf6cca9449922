import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent, StackName } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import type { Snapshot } from '../model/recording.ts';
import type { Collector } from './collector.ts';
import type { KeyDerivation } from './key-derivation.ts';
import type { Profile } from './profile.ts';
import type { Readings } from './readings.ts';
import type { Words } from './words.ts';

/** Devices of a node by what they are for; null where the stack has none, or the profile is not known. */
export interface Devices {
  /** The agent's own device, which has the node's internal address. */
  readonly host: string | null;
  /** Where pod packets enter the tunnel; null where packets are routed without one. */
  readonly tunnel: string | null;
  readonly wireguard: string | null;
}

/** What an old IPsec key may still do after a rotation. */
export interface KeyRotation {
  /** The option of the agents that says how long the old key stays, and its default in seconds. */
  readonly option: string;
  readonly defaultSeconds: number;
  /** Seconds after which an agent has looked for keys whose time is over. */
  readonly reclaimSeconds: number;
}

/** How a stack marks and routes packets of its own; a packet's mark counts under 0xf00. */
export interface OwnRouting {
  /** The mark of a packet that must leave encrypted; null where routes alone decide. */
  readonly encryptMark: number | null;
  /** Marks of the stack. */
  readonly marks: readonly number[];
  /** Routing tables that it fills. */
  readonly tables: readonly string[];
}

/** Outputs that are read one right after the other, and again while they contradict each other: what they describe may have changed in between. */
export interface ReadTogether {
  readonly collectors: readonly string[];
  /** What one says and the other does not, by collector, as stored; null where they agree or nothing can be compared. */
  difference(outputs: ReadonlyMap<string, string>): string | null;
}

/** Whose encryption it is. Everything that is particular to a product is behind this; the rest of the harness names none. */
export interface Stack {
  readonly name: StackName;
  /** What each known version does, oldest first. */
  readonly profiles: readonly Profile[];
  /** The profile of a version as users write it. Null for a version without one: a neighbour's is never guessed. */
  profileFor(version: string): Profile | null;
  /** The id that the profile of a version has or would have; null for a text that is no version. */
  profileIdOf(version: string): string | null;
  /** What a run claims where nothing is said. */
  readonly defaults: { readonly profile: string; readonly modes: readonly Mode[]; readonly routing: Routing };
  /** A claim that this stack can never meet, and why; null where there is none. */
  refuse(intent: Intent): { readonly claim: keyof Intent; readonly why: string } | null;
  /** What is read once a snapshot, in this order. After the traffic only what can have changed is read again. */
  collectors(cluster: ClusterDescription, intent: Intent, snapshot: Snapshot): readonly Collector[];
  /** Outputs of one node that describe the same thing; absent where a stack has none. */
  readonly readTogether?: ReadTogether;
  /** Outputs of its agents and objects; null where there are none, and the kernels say it all. */
  readonly readings: Readings | null;
  devices(intent: Pick<Intent, 'profile' | 'routing'>): Devices;
  readonly routing: OwnRouting;
  /** Null where keys are not rotated by id. */
  readonly keyRotation: KeyRotation | null;
  /** How keys of SAs follow from the Secret; null for a stack without IPsec. */
  readonly keyDerivation: KeyDerivation | null;
  /** How texts of checks are worded for it. */
  words(intent: Pick<Intent, 'profile'>): Words;
}
