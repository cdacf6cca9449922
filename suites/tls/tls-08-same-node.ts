import type { Check } from '../../harness/judge/check.ts';

export const tls08: Check = {
  id: 'TLS-08',
  must: 'TCP between two pods of one node leaves the namespace of the pod in TLS too, as between nodes',
  modes: ['tls'],
  evidence: 'captures at the host sides of the pods in the judged phase; flow matrix',
  subject: 'wire',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy:
    'Look at the redirection in the network namespaces of the named pods (`nft list ruleset`, `iptables-save`): an exception for addresses of the own node, or for pods that the proxy of the node serves itself, leaves this traffic readable for everybody who can capture on the node.',
  judge(x) {
    const pods = x.facts.wire.captures.filter(({ record }) => record.vantage === 'pod' && record.phase === 'encrypted');
    x.cite(...pods.map(({ record }) => record.file));
    const flows = x.facts.wire.flows.filter(({ path, treatment }) => path === 'same-node' && treatment === 'encrypted');
    if (flows.length === 0) return x.set('not-exercised', 'no TCP flow between two pods of one node was driven');
    for (const { id, verdict, reason } of flows) {
      if (verdict === 'contradicts') x.fault(reason, { flow: id });
      else if (verdict === 'inconclusive') x.gap(`${id}: ${reason}`, { flow: id });
      else x.held();
    }
    return x.conclude('flows between pods of one node');
  },
};
