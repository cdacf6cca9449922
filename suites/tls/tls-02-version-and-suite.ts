import type { Check } from '../../harness/judge/check.ts';
import { connectionEnds, connectionsOf, pointAt, tally } from './connections.ts';

export const tls02: Check = {
  id: 'TLS-02',
  must: 'Every TLS connection of the mesh has a version and a cipher suite that the profile allows',
  modes: ['tls'],
  evidence: 'ServerHello of every connection on the port of the mesh',
  subject: 'wire',
  needs: ['capture'],
  restsOnProfile: true,
  remedy:
    'Look at what the proxies allow: the minimum version and the cipher suites in the configuration of the mesh. A proxy of an older release, or with other settings, on the named pod is the usual cause; start it again with the settings of the others.',
  judge(x) {
    const { versions, suites } = x.tls;
    const answered = connectionsOf(x).filter(({ version }) => version !== null);
    for (const connection of answered) {
      const { version, suite } = connection;
      x.expect(
        versions.value.includes(version!),
        `${connectionEnds(connection)}: ${version}, allowed: ${versions.value.join(', ')}`,
        pointAt(connection),
      );
      x.expect(
        suites.value.includes(suite!),
        `${connectionEnds(connection)}: ${suite}, allowed: ${suites.value.join(', ')}`,
        pointAt(connection),
      );
    }
    x.observe(tally(answered.map(({ version, suite }) => `${version} ${suite}`)));
    return x.conclude('versions and suites', `${versions.value.join(' or ')} with ${suites.value.join(' or ')}`);
  },
};
