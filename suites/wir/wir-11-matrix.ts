import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { nodePairs } from '../../harness/model/node-pairs.ts';
import type { FlowPath } from '../../harness/model/recording.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';
import { sampleClaim, sampleStatement } from '../../harness/model/sample-claim.ts';
import { crossesNodes, notReached, reachedNodes, untestedNodes } from '../../harness/model/scope.ts';
import { eachFamily, judgedView } from '../wire-view.ts';

const BETWEEN_NODES: readonly FlowPath[] = ['pod-pod', 'pod-node', 'node-pod', 'node-node'];
const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

/** WIR-11: every cell of the flow matrix that is left out is reported. */
export const wir11: Check = {
  id: 'WIR-11',
  must: 'The flow matrix is complete: every path, protocol and IP family has its treatment and was tested, or is named as not tested',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'flow matrix of the judged phase',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Drive the missing cells: put a demo pod on every node (taints and `--node-selector` decide where they run), allow its traffic (`kubectl get cnp,ccnp,netpol -A`), and record again. A red cell is explained by the check of its own topic.',
  judge(x) {
    judgedView(x);
    const { flows } = x.facts.wire;
    const protocols = untestedProtocols(x.facts);
    const counts = eachFamily(x, (family) => {
      const own = flows.filter((f) => f.family === family);
      const count = (verdict: string): number => own.filter((f) => f.verdict === verdict).length;
      return `${own.length} flow(s): ${count('supports')} supported, ${count('contradicts')} contradicted, ${count('inconclusive')} inconclusive, ${count('not-exercised')} not exercised`;
    });
    const { cluster, sample } = x.facts.manifest;
    const sampled = sample === undefined ? '' : `; ${sampleStatement(sampleClaim(cluster, sample, flows))}`;
    const untried = [...protocols, ...untestedOutside(x.facts)];
    x.observe(`${counts}${sampled}${untried.length === 0 ? '' : `; not tested: ${untried.join(', ')}`}`);
    if (flows.length === 0) x.gap('no flow was driven');
    const untested = flows.length === 0 ? [] : untestedNodes(x.facts.manifest.cluster, flows);
    for (const { name: node, unreached } of x.facts.manifest.cluster.nodes.filter(({ name }) => untested.includes(name)))
      x.gap(
        unreached === undefined
          ? `${node}: no test pod there had traffic with a pod of another node, so nothing is known about it`
          : notReached(node, unreached),
        { node },
      );
    for (const f of flows) {
      if (f.verdict === 'contradicts') x.fault(f.reason, { flow: f.id });
      else if (f.verdict === 'inconclusive') x.gap(`${f.id}: ${f.reason}`, { flow: f.id });
      else x.held();
    }
    const { egressGateway, families } = x.facts.manifest.intent;
    if (egressGateway !== undefined)
      for (const family of families)
        if (!flows.some((f) => f.family === family && f.path === 'pod-egress'))
          x.gap(`not driven: the egress gateway ${egressGateway} over ${family}, which is claimed`);
    for (const cell of missingCells(x.facts, untested)) x.gap(`not driven: ${cell}`);
    if (x.facts.manifest.intent.sctp === true)
      for (const family of x.facts.manifest.intent.families)
        if (!flows.some((f) => f.family === family && f.protocol === 'sctp')) x.gap(`not driven: SCTP over ${family}, which is claimed`);
    return x.conclude(
      'flows',
      `a proven flow for each path, ordered pair of nodes${sample === undefined ? '' : ' of the sample'} and family of the intent`,
    );
  },
};

/** @param untested nodes that are already named: all their pod cells are missing */
function missingCells({ manifest, wire }: Facts, untested: readonly string[]): string[] {
  const { cluster, intent, sample } = manifest;
  const pairs = nodePairs(cluster, sample);
  const missing: string[] = [];
  for (const family of intent.families) {
    const own = wire.flows.filter((f) => f.family === family);
    const cells = new Set(own.filter(leftItsNode).map((f) => cellName(f.path, f.source.node, f.destination.node)));
    for (const { name: from } of reachedNodes(cluster))
      for (const to of pairs.partnersOf(from))
        for (const path of BETWEEN_NODES)
          if (!needsPodOf(path, from, to, untested) && !cells.has(cellName(path, from, to)))
            missing.push(`${cellName(path, from, to)} ${family}`);
    const served = cluster.services.some((s) => s.addresses.some((a) => a.includes(':') === (family === 'ipv6')));
    if (served && !own.some((f) => f.path === 'pod-service')) missing.push(`pod-service ${family}`);
    const asked = cluster.outside?.addresses.some((a) => a.includes(':') === (family === 'ipv6')) ?? false;
    if (asked && cluster.services.some((s) => s.nodePort !== undefined) && !own.some((f) => f.path === 'outside-pod'))
      missing.push(`outside-pod ${family}`);
  }
  return missing;
}

function needsPodOf(path: FlowPath, from: string, to: string, nodes: readonly string[]): boolean {
  return (path.startsWith('pod') && nodes.includes(from)) || (path.endsWith('pod') && nodes.includes(to));
}

/** Pod traffic covers a pair of nodes only if one of its packets had to leave the node. */
function leftItsNode(flow: FlowVerdict): boolean {
  return flow.path !== 'pod-pod' || crossesNodes(flow);
}

function cellName(path: FlowPath, from: string | null, to: string | null): string {
  return `${path} ${from} -> ${to}`;
}

/** Families in which no client outside asks; of a client that has none of them, the requests as a whole. */
function untestedOutside({ manifest: { cluster, intent } }: Facts): string[] {
  const lacking = intent.families.filter(
    (family) => cluster.outside?.addresses.some((a) => a.includes(':') === (family === 'ipv6')) !== true,
  );
  const what = 'requests of clients outside the cluster';
  return lacking.length === intent.families.length ? [what] : lacking.map((family) => `${what} over ${family}`);
}

function untestedProtocols(facts: Facts): string[] {
  return facts.manifest.intent.families.flatMap((family) =>
    PROTOCOLS.filter((p) => !facts.wire.flows.some((f) => f.family === family && f.protocol === p)).map((p) => `${p} over ${family}`),
  );
}
