import { isIssuedBy } from '../../harness/decode/tls/certificate.ts';
import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { changeGaps } from '../../harness/judge/window/change.ts';
import { since } from '../../harness/judge/window/moments.ts';
import type { ProxyCertificate } from '../../harness/stacks/readings.ts';
import { expectWindowEnd } from '../window-end.ts';

export const tls07: Check = {
  id: 'TLS-07',
  must: 'Every proxy takes a renewed certificate while requests run: for the same identity, with another serial number, another key and a later end, signed by an authority that every proxy trusts',
  modes: ['tls'],
  scenarios: ['rotation'],
  evidence: 'certificates and trusted authorities of the proxies of each node: before the renewal, sampled in the window, and at its end',
  needs: ['host-shell'],
  remedy:
    'See the log of the proxy on the named node: whether it asked the certificate authority for a new certificate, and what it was told. If the authority was replaced, all proxies must trust the new one before the first certificate of it is in use: distribute both roots first.',
  judge(x) {
    expectWindowEnd(x, 'rotation');
    for (const gap of changeGaps(x.facts, 'rotation')) x.gap(gap);
    const last = Math.max(
      ...x.facts.manifest.traffic.filter(({ phase }) => phase === 'window').map(({ endedAt }) => Date.parse(endedAt.utc)),
    );
    const roots = x.nodes('end').map((node) => ({ node: node.node, trusted: x.use(node.proxyRoots) ?? [] }));
    for (const now of x.nodes('end')) {
      const before = x.nodes('after').find(({ node }) => node === now.node);
      const old = before === undefined ? undefined : x.use(before.proxyCertificates);
      const fresh = x.use(now.proxyCertificates);
      if (old === undefined || fresh === undefined) continue;
      if (old.length === 0) x.note(`${now.node}: no proxy had a certificate before`);
      for (const one of old) judgeRenewal(x, now, one, fresh, last);
      for (const { identity, pem } of fresh)
        for (const { node, trusted } of roots)
          x.expect(
            trusted.some((root) => isIssuedBy(pem, root.pem)),
            `${now.node}: the certificate of ${identity} is signed by no authority that the proxies of ${node} trust`,
            { node: now.node },
          );
    }
    for (const { name } of x.facts.manifest.cluster.nodes) x.note(timeOf(x, name));
    return x.conclude('renewed certificates');
  },
};

/** The certificates of an identity at the end, compared with one that it had before. */
function judgeRenewal(x: Examination, { node }: NodeState, old: ProxyCertificate, fresh: readonly ProxyCertificate[], last: number): void {
  const { identity } = old;
  const own = fresh.filter((each) => each.identity === identity);
  if (own.length === 0) x.fault(`${node}: ${identity} had a certificate before the renewal and has none after it`, { node });
  for (const { certificate } of own) {
    const { serial, keyFingerprint, notAfter } = certificate;
    const name = `${node}: the certificate of ${identity}`;
    if (serial === old.certificate.serial) {
      x.fault(`${name} is the one from before the renewal, valid until ${notAfter}`, { node });
      continue;
    }
    x.expect(keyFingerprint !== old.certificate.keyFingerprint, `${name} was renewed for the same key`, { node });
    x.expect(
      Date.parse(notAfter) > Date.parse(old.certificate.notAfter) && Date.parse(notAfter) >= last,
      `${name} was renewed and ends ${notAfter}, not later than the one before it and the requests`,
      { node },
    );
  }
}

/** `node1: certificates replaced between 3.100 s and 4.600 s`, as the samples show it. */
function timeOf(x: Examination, name: string): string {
  const samples = x.facts.window.certificates.taken.filter(({ node }) => node === name);
  const serials = samples.map(({ value }) =>
    value
      .map(({ certificate }) => certificate.serial)
      .sort()
      .join(),
  );
  const [before, after] = [serials.lastIndexOf(serials[0] ?? ''), serials.indexOf(serials.at(-1) ?? '')];
  const [last, first] = [samples[before], samples[after]];
  if (last === undefined || first === undefined || after <= before)
    return `${name}: ${samples.length} sample(s) of the window show no change of certificates`;
  x.cite(last.evidence, first.evidence);
  return `${name}: certificates replaced between ${since(x.facts, last.fromMs)} and ${since(x.facts, first.toMs)}`;
}
