import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent, StackName } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import type { Snapshot } from '../model/recording.ts';
import type { Collector } from './collector.ts';
import type { Profile } from './profile.ts';

/** Whose encryption it is. Everything that is particular to a product is behind this; the rest of the harness names none. */
export interface Stack {
  readonly name: StackName;
  /** What each known version does, oldest first. */
  readonly profiles: readonly Profile[];
  /** The profile of a version as users write it. Null for a version without one: a neighbour's is never guessed. */
  profileFor(version: string): Profile | null;
  /** What a run claims where nothing is said. */
  readonly defaults: { readonly profile: string; readonly modes: readonly Mode[]; readonly routing: Routing };
  /** A claim that this stack can never meet, and why; null where there is none. */
  refuse(intent: Intent): { readonly claim: keyof Intent; readonly why: string } | null;
  /** What is read once a snapshot, in this order. After the traffic only what can have changed is read again. */
  collectors(cluster: ClusterDescription, intent: Intent, snapshot: Snapshot): readonly Collector[];
  /** The device of a node through which pod packets enter the tunnel; null where packets are routed without one. */
  tunnelDevice(routing: Routing): string | null;
  /** The WireGuard device of a node; null for a profile that is not known or has no WireGuard. */
  wireguardDevice(intent: Pick<Intent, 'profile'>): string | null;
}
