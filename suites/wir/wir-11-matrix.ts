import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import type { FlowPath } from '../../harness/model/recording.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';
import { eachFamily, judgedView } from '../wire-view.ts';

const BETWEEN_NODES: readonly FlowPath[] = ['pod-pod', 'pod-node', 'node-pod', 'node-node'];
const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

/** WIR-11: no cell of the flow matrix is left out in silence. */
export const wir11: Check = {
  id: 'WIR-11',
  must: 'The flow matrix is complete: every path, protocol and IP family has its treatment and was tested, or is named as not tested',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'flow matrix of the judged phase',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Drive the missing cells: put a demo pod on every node (taints and `--node-selector` decide where they run), let its traffic through (`kubectl get cnp,ccnp,netpol -A`), and record again. A red cell is explained by the check of its own topic.',
  judge(x) {
    judgedView(x);
    const { flows } = x.facts.wire;
    const untested = untestedProtocols(x.facts);
    const counts = eachFamily(x, (family) => {
      const own = flows.filter((f) => f.family === family);
      const count = (verdict: string): number => own.filter((f) => f.verdict === verdict).length;
      return `${own.length} flow(s): ${count('supports')} supported, ${count('contradicts')} contradicted, ${count('inconclusive')} inconclusive, ${count('not-exercised')} not exercised`;
    });
    x.observe(`${counts}${untested.length === 0 ? '' : `; not tested: ${untested.join(', ')}`}`);
    if (flows.length === 0) x.gap('no flow was driven');
    for (const f of flows) {
      if (f.verdict === 'contradicts') x.fault(f.reason, { flow: f.id });
      else if (f.verdict === 'inconclusive') x.gap(`${f.id}: ${f.reason}`, { flow: f.id });
      else x.held();
    }
    for (const cell of missingCells(x.facts)) x.gap(`not driven: ${cell}`);
    return x.conclude('flows', 'a proven flow for each path, ordered pair of nodes and family of the intent');
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
