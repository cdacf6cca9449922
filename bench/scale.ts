/**
 * Judge digests of many nodes: `node bench/scale.ts [NODES…]`. The digests are made, not recorded: each node has an out SA and an in SA for every
 * other node, each tunnel direction its own key. Faults are planted at known places. Prints time, memory and what was found for each size, and how
 * straight the line is that the times lie on. Then the same for the checks that hold one node's peers and map against every other node. Exit code 1 when a planted fault was missed or one was invented.
 */
import type { EndTable } from '../harness/judge/digest/end-table.ts';
import { judgeDigests } from '../harness/judge/digest/judge-digests.ts';
import { lost, type MergedDigests, mergeDigests } from '../harness/judge/digest/merge-digests.ts';
import { isOfNodes, type NodeDigest, type NodeVerdict } from '../harness/judge/digest/node-digest.ts';
import type { RecordingManifest } from '../harness/model/recording.ts';
import { type CheckVerdict, plainFinding } from '../harness/model/verdict.ts';
import { buildRecording } from '../harness/testing/recording.ts';
import { catalogue } from '../suites/catalogue.ts';
import { judgeNodeState, type NodeStateResult } from './node-state.ts';

const SPI = 3;
const ALGORITHMS = ['rfc4106(gcm(aes))/160/128'];
/** An SA is an SPI, a hash of its key, and its attributes; each node has a column for every other one. */
const BYTES_OF_SA = 4 + 8 + 2;

/** What is planted: the check, the nodes, and the words of the fact. */
interface Planted {
  readonly check: string;
  readonly from: number;
  readonly to: number;
  readonly text: RegExp;
}

function clusterOf(count: number): RecordingManifest {
  const digits = String(count).length;
  const nodes = Array.from({ length: count }, (_, i) => ({
    name: nameOf(i, digits),
    addresses: [`172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`],
    podCidrs: [`10.${i >> 8}.${i & 255}.0/24`],
    internalAddresses: [`10.${i >> 8}.${i & 255}.1`],
    uplink: 'eth0',
  }));
  const cluster = { name: 'simulated', provider: 'simulation', environmentClass: 'lab', nodes, pods: [], services: [] } as const;
  return buildRecording({ intent: { mode: 'ipsec', profile: '1.16' }, cluster: { ...cluster, versions: {}, capabilities: {} } }).manifest;
}

function nameOf(index: number, digits: number): string {
  return `node${String(index).padStart(digits, '0')}`;
}

/** The place of an SA in the table of a node that has one for every other node. */
function placeOf(own: number, other: number): number {
  return other < own ? other : other - 1;
}

function tableOf(count: number, own: number, keyOf: (other: number) => number): EndTable {
  const offsets = new Uint32Array(count + 1);
  for (let other = 0; other < count; other++) offsets[other + 1] = offsets[other]! + (other === own ? 0 : 1);
  const keys = new Float64Array(count - 1);
  for (let other = 0; other < count; other++) if (other !== own) keys[placeOf(own, other)] = keyOf(other);
  return { offsets, spis: new Uint32Array(count - 1).fill(SPI), keys, attributes: new Uint16Array(count - 1) };
}

function healthyDigest(count: number, own: number, node: string, verdicts: readonly NodeVerdict[]): NodeDigest {
  const outs = tableOf(count, own, (to) => own * count + to);
  const ins = tableOf(count, own, (from) => from * count + own);
  const none = { deviceKey: Number.NaN, peers: new Uint32Array(), peerKeys: new Float64Array() };
  return { node, gaps: [], verdicts, ends: [{ snapshot: 'after', outs, ins, algorithms: ALGORITHMS, ...none }] };
}

/** Three wrong keys, two wrong SPIs and one SA that is gone, between nodes all over the cluster. */
function plant(digests: readonly NodeDigest[]): Planted[] {
  const count = digests.length;
  const at = (share: number): number => Math.floor(share * (count - 1));
  const insOf = (node: number): EndTable => digests[node]!.ends[0]!.ins;
  const keys = [
    [0, count - 1],
    [at(0.5), at(0.25)],
    [count - 1, 0],
  ].map(([from = 0, to = 0]): Planted => {
    insOf(to).keys[placeOf(to, from)] = -1;
    return { check: 'XFR-03', from, to, text: /one key on (\S+) and another on (\S+)$/ };
  });
  const spis = [
    [at(0.1), at(0.9)],
    [at(0.75), at(0.6)],
  ].map(([from = 0, to = 0]): Planted => {
    insOf(to).spis[placeOf(to, from)] = SPI + 1;
    return { check: 'XFR-01', from, to, text: /^(\S+) after: out SA .* no matching in SA on (\S+)$/ };
  });
  const [from, to] = [at(0.33), at(0.66)];
  const { offsets, ...gone } = insOf(to);
  // The columns behind it move up: the SA is not in the kernel.
  for (const column of [gone.spis, gone.keys, gone.attributes]) column.copyWithin(placeOf(to, from), placeOf(to, from) + 1);
  for (let other = from + 1; other <= count; other++) offsets[other]!--;
  return [...keys, ...spis, { check: 'XFR-01', from, to, text: /^(\S+) after: out SA .* no matching in SA on (\S+)$/ }];
}

function judgeCluster(count: number): { readonly bytes: number; readonly seconds: number; readonly right: boolean } {
  const manifest = clusterOf(count);
  const digits = String(count).length;
  const good = catalogue
    .filter(isOfNodes)
    .map((check) => ({ id: check.id, ...plainFinding('supports', 'as expected', check.must), empty: false }));
  const made = Array.from({ length: count }, (_, i) => healthyDigest(count, i, nameOf(i, digits), good));
  const planted = plant(made);
  const missing = nameOf(Math.floor(count / 2) + 1, digits);
  const bytes = made.reduce((sum, { ends }) => sum + 2 * ((count - 1) * BYTES_OF_SA + ends[0]!.outs.offsets.byteLength), 0);
  const started = process.cpuUsage();
  const clock = performance.now();
  const digests = mergeDigests(...made.map((digest) => new Map([[digest.node, digest]])));
  const verdicts = new Map(judgeDigests(manifest, digests, catalogue).map((verdict) => [verdict.id, verdict]));
  const wall = (performance.now() - clock) / 1000;
  const { user, system } = process.cpuUsage(started);
  const seconds = (user + system) / 1e6;
  const found = [...verdicts.values()].flatMap(({ id, verdict, facts }) =>
    verdict === 'contradicts' ? facts.map(({ text }) => `${id} ${text}`) : [],
  );
  const right = foundAll(planted, verdicts, digits) && found.length === planted.length && silent(manifest, digests, missing);
  const memory = (process.memoryUsage().rss / 2 ** 20).toFixed(0);
  console.log(
    `${count} nodes: ${((count * (count - 1)) / 1e6).toFixed(2)} M ordered pairs, digests ${(bytes / 2 ** 20).toFixed(0)} MiB, judged in ${seconds.toFixed(2)} s of one processor (${wall.toFixed(1)} s), ${memory} MiB resident; ${planted.length} planted, ${found.length} found, ${right ? 'all as planted' : 'NOT as planted'}`,
  );
  return { bytes, seconds, right };
}

function foundAll(planted: readonly Planted[], verdicts: ReadonlyMap<string, CheckVerdict>, digits: number): boolean {
  return planted.every(({ check, from, to, text }) =>
    verdicts.get(check)?.facts.some((fact) => {
      const [, a, b] = text.exec(fact.text) ?? [];
      return a === nameOf(from, digits) && b === nameOf(to, digits);
    }),
  );
}

/** A node whose digest is lost is named, and nothing of nodes supports any more. */
function silent(manifest: RecordingManifest, digests: MergedDigests, node: string): boolean {
  const without = mergeDigests(new Map([...digests].filter(([name]) => name !== node)), new Map([[node, lost(node, 'its worker failed')]]));
  const checks = catalogue.filter(({ id }) => id === 'XFR-08');
  const [verdict] = judgeDigests(manifest, without, checks);
  return verdict?.verdict === 'inconclusive' && verdict.facts.some(({ text }) => text === `${node}: its worker failed`);
}

/** Least squares: where the line begins, how steep it is, and the share of the variance that it explains. */
function lineThrough(x: readonly number[], y: readonly number[]): { readonly start: number; readonly slope: number; readonly r2: number } {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const slope = x.reduce((sum, one, i) => sum + (one - mx) * (y[i]! - my), 0) / x.reduce((sum, one) => sum + (one - mx) ** 2, 0);
  const rest = y.reduce((sum, one, i) => sum + (one - (my + slope * (x[i]! - mx))) ** 2, 0);
  return { start: my - slope * mx, slope, r2: 1 - rest / y.reduce((sum, one) => sum + (one - my) ** 2, 0) };
}

/** Seconds for each MiB of digests. */
function lineOf(points: readonly { readonly bytes: number; readonly seconds: number }[]): string {
  const { start, slope, r2 } = lineThrough(
    points.map(({ bytes }) => bytes / 2 ** 20),
    points.map(({ seconds }) => seconds),
  );
  return `seconds = ${start.toFixed(3)} + ${slope.toFixed(5)} for each MiB of digests, R² ${r2.toFixed(4)}`;
}

/** Milliseconds for each node of the cluster, of one check on one node. */
function lineOfCheck(id: string, points: readonly NodeStateResult[]): string {
  const { slope, r2 } = lineThrough(
    points.map(({ nodes }) => nodes),
    points.map(({ seconds }) => (seconds[id] ?? 0) * 1000),
  );
  return `${id} on one node: ${slope.toFixed(4)} ms for each node of the cluster, R² ${r2.toFixed(4)}`;
}

const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [100, 500, 1000, 5000];
const results = sizes.map(judgeCluster);
if (results.length > 2) console.log(lineOf(results));
const states: NodeStateResult[] = [];
for (const size of sizes) states.push(await judgeNodeState(size));
if (states.length > 2) for (const id of Object.keys(states[0]!.seconds)) console.log(lineOfCheck(id, states));
process.exitCode = [...results, ...states].every(({ right }) => right) ? 0 : 1;
