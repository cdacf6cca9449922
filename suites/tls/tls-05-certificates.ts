import type { Check } from '../../harness/judge/check.ts';
import { isIdentityOf } from '../../harness/stacks/workload-identity.ts';

const HOUR_MS = 3_600_000;

export const tls05: Check = {
  id: 'TLS-05',
  must: 'The proxy of every pod has a certificate that is valid while traffic is driven, and whose lifetime is not longer than the profile allows',
  modes: ['tls'],
  evidence: 'certificates that the proxies of each node have, before and after; times of the traffic',
  needs: ['host-shell'],
  remedy:
    'See why the certificate was not renewed: the log of the proxy, whether it reaches the certificate authority, and the clocks of the nodes (PRE-05). Then let the authority issue a new one and record again.',
  judge(x) {
    if (x.stack.meshReadings?.certificates === undefined)
      return x.set('not-exercised', 'the proxies of this mesh show no certificate where it could be read');
    const hours = x.tls.certificateHours.value;
    const { pods, nodes } = x.facts.manifest.cluster;
    const times = x.facts.manifest.traffic
      .filter(({ phase }) => phase === 'encrypted')
      .flatMap(({ startedAt, endedAt }) => [startedAt.utc, endedAt.utc]);
    if (times.length === 0) x.gap('no traffic was driven');
    const [first, last] = [Math.min(...times.map(Date.parse)), Math.max(...times.map(Date.parse))];
    for (const node of x.nodes('before', 'after')) {
      const certificates = x.use(node.proxyCertificates);
      if (certificates === undefined) continue;
      // TLS-04 judges the trust domain.
      for (const { namespace, name, serviceAccount = 'default' } of pods.filter((pod) => pod.node === node.node))
        if (!certificates.some(({ identity }) => isIdentityOf(x.tls.identity.value, identity, { namespace, serviceAccount })))
          x.gap(`${node.node} ${node.snapshot}: no certificate of ${namespace}/${name}, whose account is ${serviceAccount}`, {
            node: node.node,
          });
      for (const { identity, certificate } of certificates) {
        const [from, to] = [Date.parse(certificate.notBefore), Date.parse(certificate.notAfter)];
        const valid = `valid from ${certificate.notBefore} to ${certificate.notAfter}`;
        x.expect(
          from <= first && to >= last,
          `${node.node} ${node.snapshot}: the certificate of ${identity} is ${valid}, and traffic was driven until ${new Date(last).toISOString()}`,
          { node: node.node },
        );
        x.expect(
          to - from <= (hours + 1) * HOUR_MS,
          `${node.node} ${node.snapshot}: the certificate of ${identity} is ${valid}, longer than ${hours} h`,
          { node: node.node },
        );
      }
    }
    if (nodes.length === 0) x.gap('the recording names no node');
    return x.conclude('certificates', `valid during the traffic; lifetime at most ${hours} h, and one hour more for differences of clocks`);
  },
};
