import { isPostQuantum } from '../../harness/decode/tls/registry.ts';
import type { Check } from '../../harness/judge/check.ts';
import { connectionEnds, connectionsOf, pointAt, tally } from './connections.ts';

export const tls03: Check = {
  id: 'TLS-03',
  must: 'Every key exchange of the mesh is ephemeral, in a group that the profile allows; whether it is post-quantum is on record',
  modes: ['tls'],
  evidence: 'key share of every ServerHello, or ServerKeyExchange of TLS 1.2, on the port of the mesh',
  subject: 'wire',
  needs: ['capture'],
  restsOnProfile: true,
  remedy:
    'Compare the groups that the proxies are configured with (`groups`, `kx_groups`, the FIPS or post-quantum policy of the mesh). A connection without a group has no forward secrecy: forbid static RSA and pre-shared keys without a key share.',
  judge(x) {
    const { groups } = x.tls;
    const exchanged = connectionsOf(x).filter(({ established, version }) => established && version !== null);
    for (const connection of exchanged) {
      const { group } = connection;
      x.expect(
        group !== null && groups.value.includes(group),
        `${connectionEnds(connection)}: ${group === null ? 'a key exchange without a group' : group}, allowed: ${groups.value.join(', ')}`,
        pointAt(connection),
      );
    }
    const named = exchanged.map(({ group }) => group ?? 'none');
    x.observe(tally(named));
    if (named.length > 0) x.note(`${named.filter(isPostQuantum).length} of ${named.length} key exchange(s) are post-quantum`);
    return x.conclude('key exchanges', `a group of ${groups.value.join(', ')}`);
  },
};
