import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { PodDescription } from '../../harness/model/cluster.ts';
import type { ProxyConnection } from '../../harness/stacks/readings.ts';
import { connectionEnds, connectionsOf, podAt, pointAt, type SeenConnection, tally } from './connections.ts';

export const tls04: Check = {
  id: 'TLS-04',
  must: 'Both ends of every TLS connection have the SPIFFE identity of their pod: trust domain, namespace and service account; the logs of the proxies at both ends agree with it',
  modes: ['tls'],
  evidence: 'log of every proxy, after; certificates in the handshake with TLS 1.2; pods of the recording',
  needs: ['capture', 'host-shell'],
  remedy:
    'Look at the certificates of the named pods and at the log of their proxies. Another trust domain comes from another certificate authority or from a wrong setting of the mesh; another account means that a pod has the certificate of another pod.',
  judge(x) {
    const established = connectionsOf(x).filter((connection) => connection.established);
    const logs = new Map<string, readonly ProxyConnection[]>();
    for (const node of x.nodes('after')) logs.set(node.node, x.use(node.proxyConnections) ?? []);
    const seen: string[] = [];
    for (const connection of established) {
      const [client, server] = [podAt(x, connection.client), podAt(x, connection.server)];
      if (client === undefined || server === undefined) {
        x.gap(`${connectionEnds(connection)}: the recording has no pod with that address`, pointAt(connection));
        continue;
      }
      const expected = { source: identityOf(x, client), destination: identityOf(x, server) };
      const inbound = inboundOf(logs.get(server.node), connection);
      const outbound = outboundOf(logs.get(client.node), connection);
      const carried = established.filter((other) => samePods(other, connection)).length;
      for (const { where, entries, least } of [
        { where: `proxy of ${server.name}`, entries: inbound, least: 1 },
        { where: `proxy of ${client.name}`, entries: outbound, least: carried },
      ]) {
        if (entries.length < least)
          x.gap(
            `${connectionEnds(connection)}: the ${where} logged ${entries.length === 0 ? 'no such connection' : `${entries.length} of ${least} such connections`}`,
            pointAt(connection),
          );
        for (const entry of entries) {
          seen.push(`${entry.sourceIdentity} -> ${entry.destinationIdentity}`);
          for (const [end, said] of [
            ['source', entry.sourceIdentity],
            ['destination', entry.destinationIdentity],
          ] as const)
            x.expect(
              said === expected[end],
              `${connectionEnds(connection)}: the ${where} logged ${said || 'no identity'} as the ${end}, expected ${expected[end]}`,
              pointAt(connection),
            );
        }
      }
      for (const [side, wanted] of [
        ['client', expected.source],
        ['server', expected.destination],
      ] as const) {
        const [own] = connection.sides[side].certificates;
        if (own !== undefined)
          x.expect(
            own.uris.includes(wanted),
            `${connectionEnds(connection)}: the certificate of the ${side} is for ${own.uris.join(', ') || 'no identity'}, expected ${wanted}`,
            pointAt(connection),
          );
      }
    }
    x.observe(tally(seen));
    return x.conclude('identities', `spiffe://${x.tls.trustDomain.value}/ns/NAMESPACE/sa/ACCOUNT of each pod`);
  },
};

/** The identity that a pod must have, in the form of SPIFFE id that Istio and later meshes use. */
function identityOf(x: Examination, { namespace, serviceAccount = 'default' }: PodDescription): string {
  return `spiffe://${x.tls.trustDomain.value}/ns/${namespace}/sa/${serviceAccount}`;
}

/** The port of the client's proxy identifies the connection. */
function inboundOf(log: readonly ProxyConnection[] = [], { client, clientPort }: SeenConnection): readonly ProxyConnection[] {
  return log.filter(({ direction, source }) => direction === 'inbound' && source === `${client}:${clientPort}`);
}

/**
 * The source of an outbound entry is the socket of the application, so only its address can be compared: these are all entries of the two
 * pods.
 */
function outboundOf(log: readonly ProxyConnection[] = [], { client, server, serverPort }: SeenConnection): readonly ProxyConnection[] {
  return log.filter(
    ({ direction, source, destination, error }) =>
      direction === 'outbound' && error === null && source.startsWith(`${client}:`) && destination === `${server}:${serverPort}`,
  );
}

function samePods(a: SeenConnection, b: SeenConnection): boolean {
  return a.client === b.client && a.server === b.server && a.serverPort === b.serverPort;
}
