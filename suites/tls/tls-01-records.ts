import type { Check } from '../../harness/judge/check.ts';
import { normalAddress } from '../../harness/judge/wire/address-owners.ts';
import { addressesOf, nodePairsOf } from '../../harness/judge/wire/flow-index.ts';
import { treatmentOf } from '../../harness/judge/wire/treatment.ts';
import { encryptedFlows, judgedView } from '../wire-view.ts';
import { connectionEnds, connectionsOf, pointAt } from './connections.ts';

export const tls01: Check = {
  id: 'TLS-01',
  must: 'Each driven flow that must be encrypted is inside a TLS connection of its two pods, and every such connection is TLS from its first byte to its last',
  modes: ['tls'],
  evidence: 'TLS connections on the port of the mesh, on the wire in the judged phase; flow matrix',
  subject: 'wire',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy:
    'Open the named frame (`tcpdump -r CAPTURE -X`, `wirewitness ledger CAPTURE`). Look at the redirection in the network namespace of the pod (`nft list ruleset`, `iptables-save`) and whether the pod is enrolled; then record again.',
  judge(x) {
    const connections = connectionsOf(x);
    const { cluster, traffic, intent } = x.facts.manifest;
    for (const connection of connections)
      x.expect(
        connection.broken === null && !connection.unfinished,
        `${connectionEnds(connection)}: not TLS from frame ${connection.broken?.frame ?? connection.firstFrame} on: ${connection.broken?.why ?? 'its last record is not complete in the capture'}`,
        pointAt(connection),
      );
    // A request that must be refused and was answered is judged by TLS-06.
    const meant = (flow: (typeof traffic)[number]): boolean => treatmentOf(x.facts.profile, intent, flow).treatment === 'encrypted';
    const treated = new Set(encryptedFlows(x).map(({ id }) => id));
    const driven = traffic.filter(({ phase, id }) => phase === 'encrypted' && treated.has(id)).filter(meant);
    if (driven.length === 0) x.gap('no flow that must be encrypted was driven');
    const established = connections.filter((connection) => connection.established);
    const older = judgedView(x).captures.flatMap(({ olderTls }) => olderTls);
    // Of a wire that was not captured as a whole nothing shows that a connection was not there.
    const whole = x.clean;
    for (const flow of driven) {
      if (flow.answered === 0) {
        x.gap(`no request of ${flow.id} was answered`, { flow: flow.id });
        continue;
      }
      if (!whole || nodePairsOf(flow, cluster).length === 0) continue;
      const [sources, targets] = [flow.source, flow.destination].map((end) => new Set(addressesOf(end, cluster)));
      const isOf = (from: string, to: string): boolean => sources!.has(normalAddress(from)) && targets!.has(normalAddress(to));
      const own = established.filter(({ client, server }) => isOf(client, server));
      if (own.length === 0 && older.some(({ src, dst }) => isOf(src, dst))) {
        x.gap(`${flow.id} was answered ${flow.answered} time(s), perhaps in a TLS connection that was opened before the capture`, {
          flow: flow.id,
        });
        continue;
      }
      x.expect(own.length > 0, `${flow.id} was answered ${flow.answered} time(s), but no TLS connection of its pods carried data`, {
        flow: flow.id,
      });
    }
    x.observe(`${connections.length} TLS connection(s), ${established.length} with ciphertext both ways`);
    return x.conclude('connections and flows');
  },
};
