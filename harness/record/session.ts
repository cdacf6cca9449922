import { randomBytes } from 'node:crypto';
import { keyPattern } from '../decode/secrets/key-pattern.ts';
import { RANDOM_TAGS, SecretMarker } from '../decode/secrets/secret-marks.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { KeyPattern } from '../model/key-patterns.ts';
import type { JournalEvent } from '../model/recording.ts';
import type { Sample } from '../model/sample.ts';
import type { Disruption } from '../model/scenario.ts';
import { stackOf } from '../stacks/stack-of.ts';
import type { GrowingCapture } from './capture.ts';
import { keyComparison } from './key-comparison.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import { KeyVault } from './proofs/key-vault.ts';
import type { RecordingWriter } from './recording-writer.ts';
import type { FlowChoice } from './traffic/plan-flows.ts';

/** What a scenario is given. */
export interface ScenarioOptions {
  readonly cluster: Cluster;
  readonly intent: Intent;
  readonly writer: RecordingWriter;
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Turn encryption on between the two phases. Where it is absent there is no un-encrypted phase. */
  readonly enable?: () => Promise<void>;
  /** Called when the captures of the judged phase are ready, before its flows are driven. */
  readonly duringTraffic?: () => Promise<void>;
  /** Default `all`. */
  readonly flows?: FlowChoice;
  /** Which ordered pairs of nodes are driven; absent: all. */
  readonly sample?: Sample | undefined;
  /** Secret of the user, under which keys of several runs are compared; absent: they cannot be. */
  readonly comparisonKey?: Uint8Array;
  /** For the scenario `observe`. */
  readonly observation?: Observation;
}

/** What is done in the window of the scenario `observe`. */
export interface Observation {
  /** How long changes by other people are observed, milliseconds. */
  readonly forMs: number;
  /** Changes that the harness makes itself, in order. */
  readonly disruptions: readonly Disruption[];
  /** Present for a long watch: ciphertext is counted, and what is not is kept. */
  readonly watch?: Watch;
  /**
   * Called during a long watch after each reading, each look and each capture, one call after the other; what it throws is written to the
   * journal.
   */
  readonly watched?: (watched: Watched) => Promise<void>;
  /** Registers a function that is called when a user ends the observation early, until disposed. */
  readonly endsEarly?: (end: () => void) => Disposable;
}

/** What a long watch has come to. */
export interface Watched {
  /** Lines of the journal about counting so far. */
  readonly events: readonly JournalEvent[];
  /** Bytes of the sentinel captures so far. */
  readonly keptBytes: number;
  /** Whether there are new captures in the manifest, which has just been written. */
  readonly parts: boolean;
  /** The sentinel captures that were just looked at while they go on. */
  readonly growing: readonly GrowingCapture[];
}

/** How a long watch is made. */
export interface Watch {
  /** From one reading of all counters to the next, milliseconds. */
  readonly readingMs: number;
  /** How long a sentinel capture is made before the next one takes over, milliseconds. */
  readonly partMs: number;
  /** The most that is kept of all sentinel captures, bytes; after that frames are only counted. */
  readonly keptBytes: number;
}

/** One recording in progress: its options, and the secrets that exist only as long as it does. */
export interface RecordingSession extends ScenarioOptions, Disposable {
  /** Keyed hash of a key: equal keys of one recording have equal fingerprints. */
  readonly fingerprint: (key: Uint8Array) => string;
  readonly vault: KeyVault;
  /** Marks each key that is fingerprinted, so that the recording can be searched for it later. */
  readonly marker: SecretMarker;
  /** How each key that is fingerprinted looks, by its fingerprint. */
  readonly patterns: ReadonlyMap<string, KeyPattern>;
  /** Names of these keys under the user's secret, by their fingerprint; undefined without one. */
  readonly comparable: { readonly under: string; readonly keys: ReadonlyMap<string, string> } | undefined;
}

/** @param fingerprintKey shared by recorders on several nodes; default: a random one of this session */
export function openSession(options: ScenarioOptions, fingerprintKey?: Uint8Array): RecordingSession {
  const vault = new KeyVault(stackOf(options.intent).keyDerivation);
  const marker = new SecretMarker(randomBytes(16), randomBytes(2 * RANDOM_TAGS));
  const named = keyFingerprint(fingerprintKey);
  const patterns = new Map<string, KeyPattern>();
  const comparison = options.comparisonKey === undefined ? undefined : keyComparison(options.comparisonKey);
  const keys = new Map<string, string>();
  if (options.comparisonKey !== undefined) marker.add(options.comparisonKey);
  const fingerprint = (key: Uint8Array): string => {
    marker.add(key);
    const name = named(key);
    const pattern = keyPattern(key);
    patterns.set(name, pattern);
    const comparable = comparison?.name(key, pattern);
    if (comparable !== undefined) keys.set(name, comparable);
    return name;
  };
  const comparable = comparison === undefined ? undefined : { under: comparison.under, keys };
  return { ...options, fingerprint, vault, marker, patterns, comparable, [Symbol.dispose]: () => vault[Symbol.dispose]() };
}
