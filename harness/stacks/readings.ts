import type { Decoded } from '../decode/decoded.ts';
import type {
  AddressMapEntry,
  AgentStatus,
  ConfigEntry,
  DropCounter,
  EncryptionStatus,
  KeyCopy,
  KeySecret,
  NodeObject,
} from './agent-items.ts';

/** One output that is a stack's own: which collector reads it, and what it says. */
export interface Reading<T> {
  /** The name that recordings have it under. */
  readonly collector: string;
  decode(text: string): Decoded<T>;
}

/** Outputs of a stack's agents and objects, by what they tell. */
export interface Readings {
  readonly agentVersion: Reading<string>;
  readonly agentStatus: Reading<AgentStatus>;
  readonly encryptionStatus: Reading<EncryptionStatus>;
  readonly drops: Reading<DropCounter>;
  readonly agentConfig: Reading<ConfigEntry>;
  readonly addressMap: Reading<AddressMapEntry>;
  readonly nodeObjects: Reading<NodeObject>;
  /** Finds the WireGuard public keys that the nodes publish, in an output of `nodeObjects`. */
  readonly publishedKeys: RegExp;
  readonly keySecret: Reading<KeySecret>;
  readonly keyCopy: Reading<KeyCopy>;
  /** The configuration that agents are started with. */
  readonly configMap: Reading<ConfigEntry>;
  /** UDP ports of the tunnel that a configuration names: none, or one. */
  tunnelPorts(entries: readonly ConfigEntry[]): readonly number[];
  /** Fields of {@link AgentStatus} that say whether the agent works, and whether what it depends on does. */
  readonly health: { readonly agent: string; readonly others: readonly string[] };
}
