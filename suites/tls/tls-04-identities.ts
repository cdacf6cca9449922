import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import type { ProxyConnection } from '../../harness/stacks/readings.ts';
import { connectionEnds, connectionsOf, identityOf, isFor, podAt, pointAt, type SeenConnection, tally } from './connections.ts';

export const tls04: Check = {
  id: 'TLS-04',
  must: 'Both ends of every TLS connection have the identity of their pod: trust domain, namespace and service account; what the proxies at both ends say agrees with it',
  modes: ['tls'],
  evidence:
    'log of every proxy, after, or where proxies log no connections what they count by identity; certificates in the handshake with TLS 1.2; pods of the recording',
  needs: ['capture', 'host-shell'],
  remedy:
    'Look at the certificates of the named pods and at the log of their proxies. Another trust domain comes from another certificate authority or from a wrong setting of the mesh; another account means that a pod has the certificate of another pod.',
  judge(x) {
    const established = connectionsOf(x).filter((connection) => connection.established);
    if (x.stack.meshReadings?.connections === undefined) return judgePeers(x, established);
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
            isFor(own, wanted),
            `${connectionEnds(connection)}: the certificate of the ${side} is for ${[...own.uris, ...own.dnsNames].join(', ') || 'no identity'}, expected ${wanted}`,
            pointAt(connection),
          );
      }
    }
    x.observe(tally(seen));
    return x.conclude('identities', formOf(x));
  },
};

function formOf(x: Examination): string {
  return `${identityOf(x, { namespace: 'NAMESPACE', serviceAccount: 'ACCOUNT' })} of each pod`;
}

/** Connections as proxies count them: by identity and port, without the port of the client. */
function judgePeers(x: Examination, established: readonly SeenConnection[]): Finding {
  const { pods } = x.facts.manifest.cluster;
  const own = new Set(pods.map((pod) => identityOf(x, pod)));
  const peers = x.nodes('after').flatMap((node) => x.use(node.proxyPeers) ?? []);
  const pairs = new Map(established.map((connection) => [`${connection.client} ${connection.server}`, connection]));
  for (const connection of pairs.values()) {
    const [client, server] = [podAt(x, connection.client), podAt(x, connection.server)];
    if (client === undefined || server === undefined) {
      x.gap(`${connectionEnds(connection)}: the recording has no pod with that address`, pointAt(connection));
      continue;
    }
    for (const { pod, direction, wanted } of [
      { pod: server, direction: 'inbound', wanted: identityOf(x, client) },
      { pod: client, direction: 'outbound', wanted: identityOf(x, server) },
    ] as const) {
      const counted = peers.filter(
        (peer) => peer.pod === `${pod.namespace}/${pod.name}` && peer.direction === direction && peer.identity !== null,
      );
      if (counted.length === 0)
        x.gap(`${connectionEnds(connection)}: the proxy of ${pod.name} counted no ${direction} connection with an identity`);
      else
        x.expect(
          counted.some(({ identity, connections }) => identity === wanted && connections > 0),
          `${connectionEnds(connection)}: the proxy of ${pod.name} counted ${direction} connections with ${counted.map(({ identity }) => identity).join(', ')}, expected ${wanted}`,
          pointAt(connection),
        );
    }
  }
  for (const { pod, direction, identity, port } of peers) {
    const named = pods.find(({ namespace, name }) => `${namespace}/${name}` === pod);
    if (identity !== null && direction === 'inbound' && port === named?.httpPort)
      x.expect(own.has(identity), `${pod}: its proxy counted connections to port ${port} from ${identity}, which is no pod on record`);
  }
  x.observe(tally(peers.flatMap(({ identity, connections }) => (identity === null ? [] : Array<string>(connections).fill(identity)))));
  return x.conclude('identities', formOf(x));
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
