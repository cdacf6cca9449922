import type { PodDescription } from '../../harness/model/cluster.ts';

/** What `rotation` means with WireGuard: another key pair of one node, or the kernel's own new session key after 120 s. */
export const WIREGUARD_ROTATIONS = ['node-key', 'session'] as const;
export type WireguardRotation = (typeof WIREGUARD_ROTATIONS)[number];

/** Creates and removes pods; the datapath only connects them. */
export interface PodKeeper {
  /** Bring up a pod with its address, its route, and its servers. */
  add(pod: { readonly namespace: string; readonly name: string; readonly node: string }): Promise<PodDescription>;
  /** By `namespace/name`. */
  remove(name: string): Promise<void>;
}

/** Where nodes come from: ends one and starts it again, as a power cut does. */
export interface NodeKeeper {
  /** Nothing leaves the node any more, and its links, its addresses and the links of its pods are gone. */
  cutOff(node: string): Promise<void>;
  /** The links and the addresses of a node that was cut off are back, and its pods with theirs. */
  boot(node: string): Promise<void>;
  /** Remove a module from the kernel that all nodes share, once nothing holds it; rejects when something does for long. */
  removeModule(module: string): Promise<void>;
  loadModule(module: string): Promise<void>;
}

/** The course of the next rotation and the next new pod. By default without errors; the faults of scenarios change it beforehand. */
export interface Course {
  /** Milliseconds during which the old key stays valid after all senders use the new one; Cilium's default is 5 minutes. */
  graceMs: number;
  /** The new key id has the old key. */
  sameKey: boolean;
  /** Nodes whose agent misses a change: the new Secret, a peer's new WireGuard key, a node that left. */
  readonly leftBehind: Set<string>;
  /** Nodes that keep the old SAs and policies: of the previous key, or of encryption that was turned off. */
  readonly keepsOld: Set<string>;
  /**
   * Nodes that delete too early: state for sending with the old key before they have that for the new one, with or without the block
   * policy; or state for decrypting with the old key before the others have switched.
   */
  readonly removesFirst: Map<string, 'out-blocked' | 'out-unblocked' | 'in'>;
  /** Called while the agent of a node is away, before its successor puts the datapath in place again; what it returns is called when it has. */
  whileAgentIsAway?: (node: string) => Promise<() => void>;
  /**
   * Called with a node that has its links and pods, before it is configured; the returned function is called when everything is configured.
   */
  beforeNodeIsProtected?: (node: string) => Promise<() => void>;
  /** Called with a pod before the nodes know it; the returned function is called when they do. */
  beforePodIsKnown?: (pod: PodDescription) => Promise<() => Promise<void>>;
  /** Called with a pod that still sends before the nodes remove it; the returned function is called when it is gone. */
  beforePodIsForgotten?: (pod: PodDescription) => Promise<() => Promise<void>>;
}

const GRACE_MS = 5000;

export function newCourse(graceMs = GRACE_MS): Course {
  return { graceMs, sameKey: false, leftBehind: new Set(), keepsOld: new Set(), removesFirst: new Map() };
}
