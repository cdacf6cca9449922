import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { newAuthority } from '../../../clusters/tls/authority.ts';
import { certificateOf } from './certificate.ts';

const URI = 'spiffe://cluster.local/ns/a/sa/b';
const issued = newAuthority().issue({ uri: URI, notBefore: new Date('1960-01-01T00:00:00Z'), notAfter: new Date('2040-01-01T00:00:00Z') });

test('a workload certificate says its SPIFFE id and its life', () => {
  expect(certificateOf(issued.certificate)).toMatchObject({ uris: [URI], dnsNames: [], notAfter: '2040-01-01T00:00:00.000Z' });
});

test('names that cannot be printed are no names', () => {
  const der = Buffer.from(new X509Certificate(issued.certificate).raw);
  const at = der.indexOf(URI);
  expect(at).toBeGreaterThan(0);
  for (const tag of [0x80, 0x84, 0x85, 0x87, 0xa0, 0xa4]) {
    // The kind of the name, before its length: otherName, directoryName, iPAddress … with the bytes of a URI.
    der[at - 2] = tag;
    expect(certificateOf(der)?.uris ?? []).toEqual([]);
  }
});

test('a name inside another one is none', () => {
  const issue = (uri: string) =>
    newAuthority().issue({ uri, notBefore: new Date(), notAfter: new Date('2040-01-01T00:00:00Z') }).certificate;
  const [uri, dns] = [`spiffe://x, URI:${URI}, y`, `x, URI:${URI}, y`];
  expect(certificateOf(issue(uri))).toMatchObject({ uris: [uri], dnsNames: [] });
  expect(certificateOf(issue(dns))).toMatchObject({ uris: [], dnsNames: [dns] });
});

test('bytes that are no certificate are null', () => {
  expect(certificateOf(Buffer.from('30820100', 'hex'))).toBeNull();
});
