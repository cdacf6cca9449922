import type { CommandRecord, RecordingManifest } from '../../model/recording.ts';
import { overlap, sameAddress } from '../state/networks.ts';
import type { NodeState } from '../state/node-state.ts';

/** Outputs that two nodes cannot share byte for byte: they have hardware addresses, or times of a process of the node. */
const OWN_TO_A_NODE: ReadonlySet<string> = new Set(['ip-link', 'ip-addr', 'agent-log']);

/**
 * Outputs that are recorded as others: an answer of another node, or one of several answers to one question. Each sentence names node,
 * snapshot and collector.
 */
export function readOrigins(manifest: RecordingManifest, nodes: readonly NodeState[]): readonly string[] {
  return [
    ...sameCaptures(manifest),
    ...differentAnswers(manifest),
    ...sharedOutputs(manifest),
    ...sharedClocks(nodes),
    ...nodes.flatMap((n) => foreignNode(manifest, n)),
  ];
}

/** Bytes of a capture without frames: two of them may be the same. */
const PCAP_HEADER = 24;

/** Two captures have different times of frames, to the microsecond, also if they see the same frames. */
function sameCaptures({ captures, files }: RecordingManifest): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const alike = Map.groupBy(
    captures.filter(({ file }) => (known.get(file)?.bytes ?? 0) > PCAP_HEADER),
    ({ file }) => known.get(file)?.sha256 ?? file,
  );
  return [...alike.values()].flatMap((same) => {
    const paths = [...new Set(same.map(({ file }) => file))];
    return paths.length < 2 ? [] : [`${paths.join(' and ')} have the same bytes, so one capture is recorded as ${paths.length}`];
  });
}

/** A command is run once in a snapshot; while the window is open it is run again and again. */
function differentAnswers({ commands, files }: RecordingManifest): readonly string[] {
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const asked = Map.groupBy(
    commands.filter(({ snapshot }) => snapshot !== 'sample'),
    ({ snapshot, node, collector, argv }) => JSON.stringify([snapshot, node, collector, argv]),
  );
  return [...asked.values()].flatMap((same) => {
    const [first] = same;
    const answers = new Set(same.map(({ stdout }) => digests.get(stdout) ?? stdout));
    return first === undefined || answers.size < 2 ? [] : [`${place(first)} was read ${same.length} times, with different answers`];
  });
}

function sharedOutputs({ commands, files }: RecordingManifest): readonly string[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const own = commands.filter(
    ({ collector, node, stdout }) => OWN_TO_A_NODE.has(collector) && node !== null && known.get(stdout)?.bytes !== 0,
  );
  const alike = Map.groupBy(own, ({ snapshot, collector, stdout }) => `${snapshot} ${collector} ${known.get(stdout)?.sha256 ?? stdout}`);
  return [...alike.values()].flatMap((same) =>
    sharedBy(
      same.map(({ node }) => node ?? ''),
      same[0] === undefined ? '' : `${same[0].snapshot}: ${same[0].collector}`,
    ),
  );
}

/** Two nodes are not read in the same nanosecond; clocks that print only whole seconds can agree. */
function sharedClocks(nodes: readonly NodeState[]): readonly string[] {
  const exact = nodes.filter(({ clock }) => clock.ok && clock.value % 1000 !== 0);
  const alike = Map.groupBy(exact, ({ snapshot, clock }) => `${snapshot} ${clock.ok ? clock.value : ''}`);
  return [...alike.values()].flatMap((same) =>
    sharedBy(
      same.map(({ node }) => node),
      `${same[0]?.snapshot ?? ''}: clock`,
    ),
  );
}

function sharedBy(nodes: readonly string[], what: string): readonly string[] {
  const names = [...new Set(nodes)];
  return names.length < 2 ? [] : [`${names.join(' and ')} ${what} has the same bytes, so one answer is recorded for ${names.length} nodes`];
}

/** The addresses that a node and its agent print as their own are those of that node, if they print any. */
function foreignNode({ cluster }: RecordingManifest, { node, snapshot, addresses, agentStatus }: NodeState): readonly string[] {
  const own = cluster.nodes.find(({ name }) => name === node);
  if (own === undefined) return [];
  const others = cluster.nodes.filter(({ name }) => name !== node);
  const found: string[] = [];
  if (!addresses.ok && !addresses.absent) found.push(addresses.reason);
  if (addresses.ok) {
    const has = (wanted: readonly string[]): string | undefined =>
      wanted.find((address) => addresses.value.some((known) => sameAddress(known, address)));
    if (has(own.addresses) === undefined)
      found.push(`${node} ${snapshot}: ip-addr shows none of its addresses ${own.addresses.join(', ')}`);
    for (const other of others) {
      const foreign = has(other.addresses);
      if (foreign !== undefined) found.push(`${node} ${snapshot}: ip-addr shows ${foreign}, the address of ${other.name}`);
    }
  }
  for (const said of agentStatus.ok ? agentStatus.value.own : []) {
    const other = others.find(({ podCidrs }) => podCidrs.some((cidr) => overlap(cidr, said)));
    if (other !== undefined && !own.podCidrs.some((cidr) => overlap(cidr, said)))
      found.push(`${node} ${snapshot}: the agent prints ${said} as its own address, which is in the pod CIDR of ${other.name}`);
  }
  return found;
}

function place({ node, snapshot, collector }: CommandRecord): string {
  return `${node ?? 'API server'} ${snapshot}: ${collector}`;
}
