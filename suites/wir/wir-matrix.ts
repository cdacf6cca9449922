import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { addressBook } from '../../harness/judge/wire/address-book.ts';
import { pathsOf } from '../../harness/judge/wire/undriven.ts';
import type { FlowPath } from '../../harness/model/recording.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';
import { eachFamily } from './wir-family.ts';
import { finding, judgedView, listed } from './wir-finding.ts';

const BETWEEN_NODES: readonly FlowPath[] = ['pod-pod', 'pod-node', 'node-pod', 'node-node'];
const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

/** WIR-11: no cell of the flow matrix is left out in silence. */
export const matrixComplete: Check = {
  id: 'WIR-11',
  title: 'The flow matrix is complete: each path, protocol and family has its treatment and was tested, or is said not to be',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'flow matrix of the judged phase',
  controls: ['L22', 'L37', 'a cell left out'],
  judge(facts) {
    const view = judgedView(facts);
    const { flows } = facts.wire;
    const untested = untestedProtocols(facts);
    const expected = 'a proven flow for each path, ordered pair of nodes and family of the intent';
    const counts = eachFamily(facts, (family) => {
      const own = flows.filter((f) => f.family === family);
      const count = (verdict: string): number => own.filter((f) => f.verdict === verdict).length;
      return `${own.length} flow(s): ${count('supports')} supported, ${count('contradicts')} contradicted, ${count('inconclusive')} inconclusive, ${count('not-exercised')} not exercised`;
    });
    const observed = `${counts}${untested.length === 0 ? '' : `; not tested: ${untested.join(', ')}`}`;
    if (flows.length === 0) return finding('inconclusive', 'no flow was driven', expected, observed, view.captures);
    const against = flows.filter((f) => f.verdict === 'contradicts');
    if (against.length > 0) return finding('contradicts', listed(against.map((f) => f.reason)), expected, observed, view.captures);
    const missing = missingCells(facts);
    if (missing.length > 0) return finding('inconclusive', `not driven: ${listed(missing)}`, expected, observed, view.captures);
    const open = flows.filter((f) => f.verdict === 'inconclusive');
    if (open.length > 0) return finding('inconclusive', listed(open.map((f) => `${f.id}: ${f.reason}`)), expected, observed, view.captures);
    return finding('supports', `all ${flows.length} cells were driven and judged`, expected, observed, view.captures);
  },
};

function missingCells(facts: Facts): string[] {
  const { cluster, intent } = facts.manifest;
  const { flows } = facts.wire;
  const missing: string[] = [];
  for (const family of intent.families) {
    const own = flows.filter((f) => f.family === family);
    for (const from of cluster.nodes)
      for (const to of cluster.nodes) {
        if (from.name === to.name) continue;
        for (const path of BETWEEN_NODES)
          if (cellApplies(facts, path, from.name, to.name) && !own.some((f) => isCell(f, path, from.name, to.name)))
            missing.push(`${path} ${from.name} -> ${to.name} ${family}`);
      }
    const served = cluster.services.some((s) => s.addresses.some((a) => a.includes(':') === (family === 'ipv6')));
    if (served && !own.some((f) => f.path === 'pod-service')) missing.push(`pod-service ${family}`);
  }
  return missing;
}

/** A node without a demo pod has no pod cells. */
function cellApplies(facts: Facts, path: FlowPath, from: string, to: string): boolean {
  const hasPod = (node: string): boolean => facts.manifest.cluster.pods.some((p) => p.node === node);
  return (!path.startsWith('pod') || hasPod(from)) && (!path.endsWith('pod') || hasPod(to));
}

function isCell(flow: FlowVerdict, path: FlowPath, from: string, to: string): boolean {
  return flow.path === path && flow.source.node === from && flow.destination.node === to;
}

function untestedProtocols(facts: Facts): string[] {
  return facts.manifest.intent.families.flatMap((family) =>
    PROTOCOLS.filter((p) => !facts.wire.flows.some((f) => f.family === family && f.protocol === p)).map((p) => `${p} over ${family}`),
  );
}

/** WIR-12: what is clear by design is counted with its reason. */
export const clearIsListed: Check = {
  id: 'WIR-12',
  title: 'Same-node and by-design-clear traffic is listed with reason and count',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'flow matrix, readable frames on the wire that belong to no driven flow',
  controls: ['L31'],
  judge(facts) {
    const view = judgedView(facts);
    const book = addressBook(facts.manifest.cluster);
    const expected = 'each readable frame on the wire belongs to a row with a reason';
    const driven = facts.wire.flows
      .filter((f) => f.treatment === 'clear-by-design')
      .map((f) => `${f.id}: ${f.clearFrames} frame(s), ${f.treatmentReason}`);
    const others = new Map<string, number>();
    for (const account of view.captures.flatMap((c) => c.clear)) {
      if (account.flows.length > 0 || account.inboundCopy) continue;
      const key = pathsOf(book, account).join(' or ') || 'with an end outside the cluster’s nodes and pods, or on one node';
      others.set(key, (others.get(key) ?? 0) + account.frames);
    }
    const control = view.captures.reduce((n, c) => n + (c.ledger?.classes.control?.frames ?? 0), 0);
    const rest = [...others].map(([key, frames]) => `undriven ${key}: ${frames} frame(s)`);
    const observed = [...driven, ...rest, `link control: ${control} frame(s)`].join('; ');
    if (view.gaps.length > 0) return finding('inconclusive', listed(view.gaps), expected, observed, view.captures);
    return finding(
      'supports',
      `${driven.length} flow(s) clear by design, ${rest.length} kind(s) of undriven readable traffic, ${control} control frame(s), all counted`,
      expected,
      observed,
      view.captures,
    );
  },
};
