import type { Snapshot } from '../model/recording.ts';

/** The key in a cluster's Secret. */
export interface GlobalKey {
  readonly snapshot: Snapshot;
  readonly id: number;
  /** Whether the id has a `+`. */
  readonly perTunnel: boolean;
  /** Algorithm name to key. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** Inputs for the key of one direction of one tunnel, in addition to the global key. */
export interface TunnelKeyInputs {
  /** Addresses of the SA in the kernel. */
  readonly src: string;
  readonly dst: string;
  /** Published boot id of the node that owns the address. */
  readonly srcBootId: string;
  readonly dstBootId: string;
}

/** How the keys of SAs derive from the Secret and from what the nodes publish. */
export interface KeyDerivation {
  /** Collectors of the Secret and of what the nodes publish. */
  readonly secret: string;
  readonly nodes: string;
  /** The key in an output of `secret` before it is redacted; null if it has none. */
  globalKey(snapshot: Snapshot, output: string): GlobalKey | null;
  /** Boot ids by address of the node, in an output of `nodes`. */
  bootIds(output: string): readonly (readonly [address: string, bootId: string])[];
  /** The key that an SA must have if each tunnel has its own. @throws RangeError for inputs from which no key can be derived */
  tunnelKey(globalKey: Uint8Array, inputs: TunnelKeyInputs): Uint8Array;
}
