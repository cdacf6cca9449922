import { randomUUID } from 'node:crypto';
import type { EncryptionKeys, FaultReporter, NodeDescription, PodDescription } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Mode } from '../../harness/model/mode.ts';
import type { RunningCommand, Shell } from '../../harness/model/shell.ts';
import { type Course, type NodeKeeper, newCourse, type PodKeeper, type WireguardRotation } from './course.ts';
import { type IpsecKey, type KeyKind, newIpsecKey } from './keys/ipsec-key.ts';
import { newWireguardKey, type WireguardKey } from './keys/wireguard-key.ts';
import { layoutRefusal } from './layout-refusal.ts';
import type { EgressGateway } from './plan/egress-gateway.ts';
import type { IpsecOptions } from './plan/ipsec-states.ts';
import type { Encryption } from './plan/node.ts';
import { type LayoutProfile, layoutProfile } from './profile.ts';
import { clusterViews, type View } from './topology.ts';

export interface DatapathOptions {
  readonly intent: Intent;
  readonly nodes: readonly NodeDescription[];
  readonly pods: readonly PodDescription[];
  /** Addresses of the client outside the cluster. */
  readonly outside?: readonly string[];
  /** The node's network namespace, with ip, tc, nft, wg. */
  host(node: string): Shell;
  /** The pod's network namespace, by `namespace/name`. */
  pod(name: string): Shell;
  readonly progress?: (line: string) => void;
  /** IPsec key id (SPI), 1 to 15; default 3. */
  readonly keyId?: number;
  /** IPsec algorithms; default AES-GCM with 128 bits. */
  readonly key?: KeyKind;
  /** Agents up to 1.16 ran before those of the claim, on the same kernels: their `in` policies are still there. Default no. */
  readonly updatedInPlace?: boolean;
  /** Nodes that exist from the start but take part only after they join. */
  readonly heldBack?: readonly string[];
  /** Nodes that the others know, and that have no agent until it is started. */
  readonly withoutAgent?: readonly string[];
  /** Absent where nodes cannot be restarted. */
  readonly nodeKeeper?: NodeKeeper;
  /** Absent if pods cannot be added and removed. */
  readonly podKeeper?: PodKeeper;
  /** Default `node-key`. */
  readonly wireguardRotation?: WireguardRotation;
  /** Milliseconds during which two IPsec keys are valid in a rotation; default 5000. */
  readonly graceMs?: number;
}

/** What the datapath, its faults and its agents share. The only place with key material. */
export interface DatapathContext {
  readonly options: DatapathOptions;
  readonly profile: LayoutProfile;
  /** Nodes that take part, and the pods that run: changed only by the life cycle. */
  nodes: readonly NodeDescription[];
  pods: readonly PodDescription[];
  /** Of {@link nodes} and {@link pods} as they are now. */
  readonly views: readonly View[];
  /** Undefined where none is claimed. */
  readonly egressGateway: EgressGateway | undefined;
  /** When the Secret was created. A rotation replaces what is in it, which keeps the time. */
  readonly secretCreated: Date;
  /** The key of the Secret; changed only by a rotation. */
  ipsecKey: IpsecKey;
  readonly wireguardKeys: Map<string, WireguardKey>;
  /** Changed by the restart of a node only. */
  readonly bootIds: Map<string, string>;
  /** The last configured mode; the agents' configuration follows it, not the intent. */
  laid: Mode;
  /** Nodes that run another version than the intent's profile, with that version's layout. */
  readonly versions: Map<string, LayoutProfile>;
  /** Nodes whose agent has not started or is being restarted, and answers nothing. */
  readonly restarting: Set<string>;
  /** Nodes whose agent reports IPsec with any kernel state. */
  readonly saysIpsec: Set<string>;
  /** Lines that faults add to the agents' logs, by node. */
  readonly logged: Map<string, readonly { readonly level: 'warn' | 'error'; readonly message: string }[]>;
  /** How often the agent of each node was started again. */
  readonly restarts: Map<string, number>;
  /** Key ids (SPI) in CiliumNode objects, by node; a node without an entry publishes the Secret's. */
  readonly publishedIds: Map<string, number>;
  /** Public keys in CiliumNode objects, by node. */
  readonly publishedKeys: Map<string, string>;
  /** Programs that a fault started in the nodes; they are ended when the layout is removed. */
  readonly background: RunningCommand[];
  /** What takes a fault back that no layout takes away; done when the layout goes. */
  readonly undo: (() => Promise<void>)[];
  /** Called when the fault in force begins or ends its effect. */
  reportFault: FaultReporter;
  /** The course of the next rotation and the next new pod; only faults change it. */
  readonly course: Course;
}

/** @throws RangeError for an intent that cannot be configured */
export function newContext(options: DatapathOptions): DatapathContext {
  const { intent, nodes, pods } = options;
  const profile = layoutProfile(intent.profile);
  if (nodes.length === 0) throw new RangeError('a datapath needs at least one node');
  const refusal = layoutRefusal(intent);
  if (refusal !== null) throw new RangeError(refusal.why);
  return {
    options,
    profile,
    nodes,
    pods,
    get views() {
      return clusterViews(this.nodes, this.pods, intent.families);
    },
    egressGateway: gatewayOf(options),
    secretCreated: new Date(),
    ipsecKey: newIpsecKey(options.keyId ?? 3, intent.perTunnelKeys && profile.perTunnelKeys !== 'never', options.key),
    wireguardKeys: new Map(nodes.map((node) => [node.name, newWireguardKey()])),
    bootIds: new Map(nodes.map((node) => [node.name, node.bootId ?? randomUUID()])),
    laid: 'none',
    versions: new Map(),
    restarting: new Set(),
    restarts: new Map(),
    saysIpsec: new Set(),
    logged: new Map(),
    publishedIds: new Map(),
    publishedKeys: new Map(),
    background: [],
    undo: [],
    reportFault: () => {},
    course: newCourse(options.graceMs),
  };
}

/** @throws RangeError for a node that the cluster does not have, and without an address outside */
function gatewayOf({ intent: { egressGateway: node }, nodes, outside = [] }: DatapathOptions): EgressGateway | undefined {
  if (node === undefined) return undefined;
  if (!nodes.some(({ name }) => name === node)) throw new RangeError(`the egress gateway ${node} is no node of the cluster`);
  if (outside.length === 0) throw new RangeError('an egress gateway needs an address outside the cluster');
  return { node, outside };
}

export function lookUp<Value>(map: ReadonlyMap<string, Value>, node: string, what: string): Value {
  const found = map.get(node);
  if (found === undefined) throw new RangeError(`no ${what} of node ${JSON.stringify(node)}; known: ${[...map.keys()].join(', ')}`);
  return found;
}

/** @throws RangeError naming the known nodes */
export function viewOf(context: DatapathContext, node: string): View {
  return lookUp(new Map(context.views.map((view) => [view.self.name, view])), node, 'view');
}

/** What IPsec plans need. */
export function ipsecOptions(context: DatapathContext): IpsecOptions {
  return {
    profile: context.profile,
    key: context.ipsecKey,
    bootId: (node) => lookUp(context.bootIds, node, 'boot id'),
    tunnel: context.options.intent.routing !== 'native',
    updatedInPlace: context.options.updatedInPlace ?? false,
  };
}

/** The encryption of a mode, with this cluster's keys. */
export function encryptionOf(context: DatapathContext, mode: Mode): Encryption {
  const strict = context.options.intent.strictMode;
  if (mode === 'ipsec') return { mode, strict, options: ipsecOptions(context) };
  if (mode === 'none') return { mode };
  if (mode === 'tls') throw new RangeError('the reference datapath has no TLS');
  return {
    mode,
    strict,
    strictIngress: context.options.intent.strictIngress === true,
    options: {
      profile: context.profile,
      nodeEncryption: context.options.intent.nodeEncryption,
      key: (node) => lookUp(context.wireguardKeys, node, 'WireGuard key'),
    },
  };
}

/** Called at the start of each step; the rotation continues when it has resolved. */
export type RotationStep = Parameters<NonNullable<EncryptionKeys['rotate']>>[0];
