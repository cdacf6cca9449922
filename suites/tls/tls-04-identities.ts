import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { PodDescription } from '../../harness/model/cluster.ts';
import type { ProxyConnection } from '../../harness/stacks/readings.ts';
import { connectionEnds, connectionsOf, podAt, pointAt, type SeenConnection, tally } from './connections.ts';

export const tls04: Check = {
  id: 'TLS-04',
  must: 'Both ends of every TLS connection have the SPIFFE identity of their pod: trust domain, namespace and service account; the proxies of both ends say the same',
  modes: ['tls'],
  evidence: 'log of every proxy, after; certificates in the handshake with TLS 1.2; pods of the recording',
  needs: ['capture', 'host-shell'],
  remedy:
    'Look at the certificates of the named pods and at the log of their proxies. Another trust domain comes from another certificate authority or a wrong setting of the mesh; another account from a pod that was given the certificate of another one.',
  judge(x) {
    const established = connectionsOf(x).filter((connection) => connection.established);
    const logs = new Map<string, readonly ProxyConnection[]>();
    for (const node of x.nodes('after')) logs.set(node.node, x.use(node.proxyConnections) ?? []);
    const seen: string[] = [];
    for (const connection of established) {
      const [client, server] = [podAt(x, connection.client), podAt(x, connection.server)];
      if (client === undefined || server === undefined) {
        x.gap(`${connectionEnds(connection)}: the recording knows no pod of that address`, pointAt(connection));
        continue;
      }
      const expected = { source: identityOf(x, client), destination: identityOf(x, server) };
      const entries = [
        { where: `proxy of ${server.name}`, entry: inboundOf(logs.get(server.node), connection) },
        { where: `proxy of ${client.name}`, entry: outboundOf(logs.get(client.node), connection) },
      ];
      for (const { where, entry } of entries) {
        if (entry === undefined) {
          x.gap(`${connectionEnds(connection)}: the ${where} logged no such connection`, pointAt(connection));
          continue;
        }
        seen.push(`${entry.sourceIdentity} -> ${entry.destinationIdentity}`);
        for (const [end, said] of [['source', entry.sourceIdentity], ['destination', entry.destinationIdentity]] as const)
          x.expect(said === expected[end], `${connectionEnds(connection)}: the ${where} has the ${end} as ${said || '(nobody)'}, expected ${expected[end]}`, pointAt(connection));
      } // biome-ignore format: a table of two ends
      for (const [side, wanted] of [['client', expected.source], ['server', expected.destination]] as const) {
        const [own] = connection.sides[side].certificates;
        if (own !== undefined) x.expect(own.uris.includes(wanted), `${connectionEnds(connection)}: the certificate of the ${side} is of ${own.uris.join(', ') || '(nobody)'}, expected ${wanted}`, pointAt(connection));
      } // biome-ignore format: a table of two ends
    }
    x.observe(tally(seen));
    return x.conclude('identities', `spiffe://${x.tls.trustDomain.value}/ns/NAMESPACE/sa/ACCOUNT of each pod`);
  },
};

/** The identity that a pod must have (SPIFFE as Istio and those after it write it). */
function identityOf(x: Examination, { namespace, serviceAccount = 'default' }: PodDescription): string {
  return `spiffe://${x.tls.trustDomain.value}/ns/${namespace}/sa/${serviceAccount}`;
}

function inboundOf(log: readonly ProxyConnection[] | undefined, { client, clientPort }: SeenConnection): ProxyConnection | undefined {
  return log?.find(({ direction, source }) => direction === 'inbound' && source === `${client}:${clientPort}`);
}

/** The source of an outbound entry is the application's socket: its address alone can be compared. */
function outboundOf(
  log: readonly ProxyConnection[] | undefined,
  { client, server, serverPort }: SeenConnection,
): ProxyConnection | undefined {
  return log?.find(
    ({ direction, source, destination, error }) =>
      direction === 'outbound' && error === null && source.startsWith(`${client}:`) && destination === `${server}:${serverPort}`,
  );
}
