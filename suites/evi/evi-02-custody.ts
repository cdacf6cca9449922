import { sha256 } from '@noble/hashes/sha2.js';
import type { Check } from '../../harness/judge/check.ts';
import { readJournal } from '../../harness/judge/evidence/journal.ts';
import { readOrigins } from '../../harness/judge/evidence/origins.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { commandDifference } from '../../harness/judge/state/expected-command.ts';
import { COMPARABLE_KEYS_FILE } from '../../harness/model/comparable-keys.ts';
import { KEY_PATTERNS_FILE } from '../../harness/model/key-patterns.ts';
import { planOf, planText } from '../../harness/model/plan.ts';
import { type FlowEnd, type FlowPath, type Instant, SECRET_MARKS } from '../../harness/model/recording.ts';

/** EVI-02: the origin of each file. Hashes were compared when the recording was opened: a file that differs is refused. */
export const evi02: Check = {
  id: 'EVI-02',
  must: 'Every file has a hash and a producer with command, times and exit code; totals match; the plan was hashed before the start; the journal is of this run and agrees about its captures, flows and readings; no output of one node is recorded as that of another',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'manifest, journal, addresses of every node and what its agent reports about them',
  subject: 'recording',
  needs: [],
  remedy:
    'Get the recording from its original place or from its signed pack (`wirewitness verify PACK`), or record again. A recording whose files were changed proves nothing.',
  judge(x) {
    const { manifest } = x.facts;
    const hashed = new Map(manifest.files.map((f) => [f.path, f]));
    if (manifest.files.length === 0) x.gap('the manifest lists no file');
    const producers = producersOf(x);
    for (const { path, sha256: digest } of manifest.files) {
      x.expect(/^[0-9a-f]{64}$/.test(digest), `${path}: ${JSON.stringify(digest)} is not a SHA-256`);
      if (!producers.has(path)) x.fault(`${path}: no command, capture or writer of the recording produced it`);
    }
    // A recording without a list has no hashes to compare; that gap is reported once.
    if (manifest.files.length > 0)
      for (const path of producers) if (!hashed.has(path) && !OPTIONAL.has(path)) x.fault(`${path}: is named, but has no hash`);
    for (const { sent, answered, id, phase } of manifest.traffic)
      if (answered > sent || answered < 0) x.fault(`flow ${id} of the ${phase} phase: ${answered} answers to ${sent} requests`);
    judgeEnds(x);
    judgePlan(x);
    judgeJournal(x);
    for (const gap of readOrigins(manifest, x.facts.state.nodes)) x.gap(gap);
    const bytes = manifest.files.reduce((n, f) => n + f.bytes, 0);
    x.note(`${manifest.commands.length} command(s), ${manifest.captures.length} capture(s), ${bytes} bytes`);
    return x.conclude('files');
  },
};

/** Written by the recorder itself; a recording may lack them. */
const OPTIONAL: ReadonlySet<string> = new Set(['events.ndjson', SECRET_MARKS, KEY_PATTERNS_FILE, COMPARABLE_KEYS_FILE]);

/** Paths with a known producer; reports what is wrong with the producer. */
function producersOf(x: Examination): ReadonlySet<string> {
  const { manifest } = x.facts;
  const paths = new Set(OPTIONAL);
  for (const command of manifest.commands) {
    const { stdout, stderr, argv, startedAt, endedAt, collector } = command;
    paths.add(stdout).add(stderr);
    const difference = commandDifference(manifest, command);
    if (difference !== null) x.gap(`${stdout}: ${collector} ${difference}`);
    if (argv.length === 0) x.fault(`${stdout}: ${collector} has no command line`);
    if (!inOrder(startedAt, endedAt)) x.fault(`${stdout}: ended at ${endedAt.utc}, before it started at ${startedAt.utc}`);
  }
  for (const { file, argv, startedAt, stoppedAt, exitCode } of manifest.captures) {
    paths.add(file);
    const log = file.replace(/\.pcap$/, '.log');
    if (manifest.files.some((f) => f.path === log)) paths.add(log);
    if (argv.length === 0) x.fault(`${file}: has no command line`);
    if (exitCode === null) x.gap(`${file}: the exit code of its tcpdump is not on record`);
    if (!inOrder(startedAt, stoppedAt)) x.fault(`${file}: stopped at ${stoppedAt.utc}, before it started at ${startedAt.utc}`);
  }
  return paths;
}

function inOrder(first: Instant, second: Instant): boolean {
  return first.monotonicMs <= second.monotonicMs && !Number.isNaN(Date.parse(first.utc)) && !Number.isNaN(Date.parse(second.utc));
}

/** The journal's first line has the digest of the plan, written before anything was read. */
function judgePlan(x: Examination): void {
  const { manifest } = x.facts;
  const [first] = x.facts.window.events;
  const digest = first?.event === 'run-started' ? first.detail.plan : undefined;
  if (first === undefined || typeof digest !== 'string') {
    x.gap('the journal does not begin with the digest of the plan');
    return;
  }
  const text = planText(planOf(manifest));
  const actual = Buffer.from(sha256(Buffer.from(text))).toString('hex');
  x.expect(actual === digest, `the plan of the manifest has SHA-256 ${actual}, the journal said ${digest} before the start`);
  const early = manifest.commands.find((c) => c.startedAt.monotonicMs < first.at.monotonicMs);
  if (early !== undefined) x.fault(`${early.collector} was read before the plan was hashed`);
}

/** The kinds of ends that a path has: what must happen to a flow follows from its path. */
const ENDS: Readonly<Record<FlowPath, readonly [source: FlowEnd['kind'], destination: FlowEnd['kind']]>> = {
  'pod-pod': ['pod', 'pod'],
  'same-node': ['pod', 'pod'],
  'pod-service': ['pod', 'service'],
  'pod-node': ['pod', 'node'],
  'node-pod': ['node', 'pod'],
  'node-node': ['node', 'node'],
  'pod-health': ['pod', 'health'],
  'node-health': ['node', 'health'],
  'outside-node': ['outside', 'service'],
  'outside-pod': ['outside', 'service'],
  'pod-egress': ['pod', 'outside'],
};

/**
 * A flow runs between ends that the recording describes, with their addresses, and of the kinds that its path has. A pod that was added and
 * removed is in the journal. A service that is reached through a port of a node has that node's address.
 */
function judgeEnds(x: Examination): void {
  const { pods, nodes, services, outside } = x.facts.manifest.cluster;
  const churned = x.facts.window.events.filter(({ event }) => event === 'pod-added').map(({ detail }) => detail);
  type Known = { readonly node: string | null; readonly addresses: readonly string[] };
  const known = new Map<string, Known>([
    ...pods.map((p) => [`pod ${p.namespace}/${p.name}`, p] as const),
    ...churned.map((d) => [`pod ${String(d.pod)}`, { node: String(d.node), addresses: texts(d.addresses) }] as const),
    ...nodes.map((n) => [`node ${n.name}`, { node: n.name, addresses: n.addresses }] as const),
    ...nodes.map((n) => [`health ${n.name}/health`, { node: n.name, addresses: n.health?.addresses ?? [] }] as const),
    ...services.map((s) => [`service ${s.namespace}/${s.name}`, { node: null, addresses: s.addresses }] as const),
    ...services.flatMap((s) =>
      s.nodePort === undefined
        ? []
        : nodes.map((n) => [`service ${s.namespace}/${s.name} at ${n.name}`, { node: n.name, addresses: n.addresses }] as const),
    ),
    ...(outside === undefined ? [] : [[`outside ${outside.name}`, { node: null, addresses: outside.addresses }] as const]),
  ]);
  for (const { namespace, name, node } of pods)
    if (!nodes.some((own) => own.name === node))
      x.gap(`pod ${namespace}/${name} is on ${node || 'no node'}, which is no node of the cluster`);
  for (const { id, path, source, destination } of x.facts.manifest.traffic) {
    const kinds = ENDS[path];
    if (source.kind !== kinds[0] || destination.kind !== kinds[1])
      x.gap(`flow ${id}: a flow from ${source.kind} to ${destination.kind} does not fit the path ${path}`, { flow: id });
    const asked = { ...destination, name: source.kind === 'outside' ? `${destination.name} at ${destination.node}` : destination.name };
    for (const { kind, name, node, address } of [source, asked]) {
      const end = known.get(`${kind} ${name}`);
      if (end?.addresses.includes(address) !== true)
        x.gap(`flow ${id}: ${kind} ${name} does not have the address ${address}`, { flow: id });
      else if (end.node !== null && end.node !== node)
        x.gap(`flow ${id}: ${kind} ${name} is on ${end.node}, not on ${node ?? 'none'}`, { flow: id });
    }
  }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** The journal, written during the run, and the manifest, written at its end, describe the same run. */
function judgeJournal(x: Examination): void {
  const { faults, gaps } = readJournal(x.facts.manifest, x.facts.window.events);
  for (const fault of faults) x.fault(fault);
  for (const gap of gaps) x.gap(gap);
  if (faults.length === 0 && gaps.length === 0) x.held();
  x.note(`${x.facts.window.events.length} line(s) of the journal`);
}
