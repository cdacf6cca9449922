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

/** One output particular to a stack: its collector, and its decoder. */
export interface Reading<T> {
  /** Its name in recordings. */
  readonly collector: string;
  decode(text: string): Decoded<T>;
}

/** Outputs of a stack's agents and objects, by their content. */
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
  /** When the key's Secret was created, ISO 8601. A key that was put into it later is younger. */
  readonly keyCreated: Reading<string>;
  /** The configuration of the agents at their start. */
  readonly configMap: Reading<ConfigEntry>;
  /** The UDP port of the tunnel in a configuration: none, or one. */
  tunnelPorts(entries: readonly ConfigEntry[]): readonly number[];
  /** Fields of {@link AgentStatus} that say whether the agent works, and whether its dependencies work. */
  readonly health: { readonly agent: string; readonly others: readonly string[] };
}
