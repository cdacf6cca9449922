import type { Snapshot } from '../model/recording.ts';

/** The key that a cluster's Secret holds. */
export interface GlobalKey {
  readonly snapshot: Snapshot;
  readonly id: number;
  /** Whether the id has a `+`. */
  readonly perTunnel: boolean;
  /** Algorithm name to key. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** What goes into the key of one direction of one tunnel besides the global key. */
export interface TunnelKeyInputs {
  /** Addresses of the SA, as the kernel has them. */
  readonly src: string;
  readonly dst: string;
  /** Boot id that the node publishes which owns the address. */
  readonly srcBootId: string;
  readonly dstBootId: string;
}

/** How the keys of SAs follow from the Secret and from what the nodes publish. */
export interface KeyDerivation {
  /** Collectors of the Secret and of what the nodes publish. */
  readonly secret: string;
  readonly nodes: string;
  /** The key in an output of `secret` before it is redacted; null for one that has none. */
  globalKey(snapshot: Snapshot, output: string): GlobalKey | null;
  /** Boot ids by address of the node, in an output of `nodes`. */
  bootIds(output: string): readonly (readonly [address: string, bootId: string])[];
  /** The key an SA must have where each tunnel has its own. @throws RangeError for inputs from which no key follows */
  tunnelKey(globalKey: Uint8Array, inputs: TunnelKeyInputs): Uint8Array;
}
