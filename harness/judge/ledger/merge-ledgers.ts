import type { EspAccount, FlowAccount, FrameClass, Ledger, Tally, WireguardAccount } from '../../model/ledger.ts';

/** The result of one node's recorder: its ledger, or why there is none. */
export interface NodeLedger {
  readonly node: string;
  /** Null when the node's recorder failed. */
  readonly ledger: Ledger | null;
  /** Why the ledger is not complete; empty if it is. */
  readonly gaps: readonly string[];
}

/** Nodes' ledgers by node name, and their sum. */
export interface MergedLedger {
  readonly nodes: readonly NodeLedger[];
}

/** Nothing recorded: the identity of {@link mergeLedgers}. */
export const NO_LEDGER: MergedLedger = { nodes: [] };

/**
 * Two collections as one. Associative and commutative, so that collectors may merge results in any order and grouping. A node that is in
 * both is an error of the set-up (two recorders on one node): neither ledger is kept, and the reason says so.
 */
export function mergeLedgers(a: MergedLedger, b: MergedLedger): MergedLedger {
  const byNode = new Map<string, NodeLedger>();
  for (const entry of [...a.nodes, ...b.nodes]) {
    const earlier = byNode.get(entry.node);
    byNode.set(entry.node, earlier === undefined ? entry : { node: entry.node, ledger: null, gaps: [TWICE] });
  }
  return { nodes: [...byNode.values()].sort((x, y) => (x.node < y.node ? -1 : 1)) };
}

const TWICE = 'two recorders wrote a ledger for this node';

/** Every expected node has an entry: a node without a result has no ledger and a reason. */
export function withMissing({ nodes }: MergedLedger, wanted: readonly string[], reason: string): MergedLedger {
  const known = new Set(nodes.map(({ node }) => node));
  return mergeLedgers(
    { nodes },
    { nodes: wanted.filter((node) => !known.has(node)).map((node) => ({ node, ledger: null, gaps: [reason] })) },
  );
}

/** The sum of all ledgers, in a fixed order; null when there is none. Frames seen on two nodes count twice, as each node saw them. */
export function sumOf({ nodes }: MergedLedger): Ledger | null {
  const ledgers = nodes.flatMap(({ ledger }) => (ledger === null ? [] : [ledger]));
  return ledgers.length === 0 ? null : ledgers.reduce(add);
}

function add(a: Ledger, b: Ledger): Ledger {
  const classes: Partial<Record<FrameClass, Tally>> = {};
  for (const name of [...Object.keys(a.classes), ...Object.keys(b.classes)] as FrameClass[])
    classes[name] = plus(a.classes[name], b.classes[name]);
  return {
    format: a.format === b.format ? a.format : 'pcapng',
    frames: a.frames + b.frames,
    bytes: a.bytes + b.bytes,
    wireBytes: a.wireBytes + b.wireBytes,
    truncatedTail: a.truncatedTail || b.truncatedTail,
    classes: Object.fromEntries(Object.entries(classes).sort(([x], [y]) => (x < y ? -1 : 1))),
    esp: united(a.esp, b.esp, ({ src, dst, spi }) => `${src} ${dst} ${spi}`, addEsp),
    wireguard: united(
      a.wireguard,
      b.wireguard,
      ({ src, dst, sport, dport, type }) => `${src} ${dst} ${sport} ${dport} ${type}`,
      addWireguard,
    ),
    flows: united(a.flows, b.flows, flowKey, addFlow),
  };
}

function plus(a: Tally | undefined, b: Tally | undefined): Tally {
  return { frames: (a?.frames ?? 0) + (b?.frames ?? 0), bytes: (a?.bytes ?? 0) + (b?.bytes ?? 0) };
}

function addEsp(a: EspAccount, b: EspAccount): EspAccount {
  return {
    ...a,
    frames: a.frames + b.frames,
    firstSeq: Math.min(a.firstSeq, b.firstSeq),
    lastSeq: Math.max(a.lastSeq, b.lastSeq),
    duplicates: a.duplicates + b.duplicates,
  };
}

function addWireguard(a: WireguardAccount, b: WireguardAccount): WireguardAccount {
  return { ...a, frames: a.frames + b.frames, bytes: a.bytes + b.bytes };
}

function addFlow(a: FlowAccount, b: FlowAccount): FlowAccount {
  return { ...a, frames: a.frames + b.frames, bytes: a.bytes + b.bytes };
}

function flowKey({ src, dst, protocol, sport, dport, class: frameClass, outer, layers }: FlowAccount): string {
  return [src, dst, protocol, sport, dport, frameClass, outer.src, outer.dst, layers].join(' ');
}

function united<Account>(
  a: readonly Account[],
  b: readonly Account[],
  key: (account: Account) => string,
  join: (a: Account, b: Account) => Account,
): Account[] {
  const all = new Map<string, Account>();
  for (const account of [...a, ...b]) {
    const own = key(account);
    const earlier = all.get(own);
    all.set(own, earlier === undefined ? account : join(earlier, account));
  }
  return [...all].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, account]) => account);
}
