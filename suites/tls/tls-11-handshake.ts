import type { Check } from '../../harness/judge/check.ts';
import { connectionEnds, connectionsOf, identityOf, podAt, pointAt, tally } from './connections.ts';

export const tls11: Check = {
  id: 'TLS-11',
  must: 'Every client of the mesh offers the application protocol of the mesh, and asks for no server name or, where the mesh has names, for the identity of the pod to which it connects',
  modes: ['tls'],
  evidence: 'ALPN and SNI in every ClientHello on the port of the mesh; pods of the recording',
  subject: 'wire',
  needs: ['capture'],
  restsOnProfile: true,
  remedy:
    'A connection with another protocol is not of the proxies: look for what else connects to the port of the mesh (`ss -tnp` in the network namespace of the named pod). With another server name the proxy was told a wrong identity: compare what the control plane says of the pod: `{listWorkloads}`.',
  judge(x) {
    const { alpn, serverName } = x.tls;
    const seen: string[] = [];
    for (const connection of connectionsOf(x)) {
      const { offeredAlpn, serverName: asked } = connection;
      seen.push(`${offeredAlpn.join(' ') || 'no protocol'}, ${asked ?? 'no server name'}`);
      x.expect(
        offeredAlpn.includes(alpn.value),
        `${connectionEnds(connection)}: the client offers ${offeredAlpn.join(', ') || 'no protocol'}, expected ${alpn.value}`,
        pointAt(connection),
      );
      const server = podAt(x, connection.server);
      if (serverName.value === 'none')
        x.expect(
          asked === null,
          `${connectionEnds(connection)}: the client asks for the name ${asked}, expected none`,
          pointAt(connection),
        );
      else if (server === undefined)
        x.gap(`${connectionEnds(connection)}: the recording has no pod with that address`, pointAt(connection));
      else
        x.expect(
          asked === identityOf(x, server),
          `${connectionEnds(connection)}: the client asks for ${asked ?? 'no name'}, expected ${identityOf(x, server)}`,
          pointAt(connection),
        );
    }
    x.observe(tally(seen));
    return x.conclude('handshakes', `${alpn.value}; ${serverName.value === 'none' ? 'no server name' : 'the identity of the server'}`);
  },
};
