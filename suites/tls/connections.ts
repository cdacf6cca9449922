import type { TlsCertificate } from '../../harness/decode/tls/certificate.ts';
import type { TlsConnection } from '../../harness/decode/tls/connection-facts.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { normalAddress } from '../../harness/judge/wire/address-owners.ts';
import type { PodDescription } from '../../harness/model/cluster.ts';
import { workloadIdentity } from '../../harness/stacks/workload-identity.ts';
import { expectProfile, expectWhole, judgedView } from '../wire-view.ts';

/** A TLS connection of the judged phase, with the capture that shows it. */
export type SeenConnection = TlsConnection & { readonly capture: string };

/** The TLS connections on the wire in the judged phase, each once; what the captures lack is a gap. */
export function connectionsOf(x: Examination): readonly SeenConnection[] {
  const view = judgedView(x);
  expectProfile(x);
  expectWhole(x, view);
  const seen = new Map<string, SeenConnection>();
  for (const { tls, record } of view.captures)
    for (const connection of tls) {
      // Without a tap the uplinks of both nodes show a connection.
      const key = view.vantage === 'wire' ? `${record.file} ${connection.firstFrame}` : connectionEnds(connection);
      if (!seen.has(key)) seen.set(key, { ...connection, capture: record.file });
    }
  return [...seen.values()];
}

/** `10.0.1.11:40000 -> 10.0.2.11:15008`. */
export function connectionEnds({ client, clientPort, server, serverPort }: TlsConnection): string {
  return `${client}:${clientPort} -> ${server}:${serverPort}`;
}

/** The capture and the frame to which a statement about a connection refers. */
export function pointAt(connection: SeenConnection): { readonly capture: string; readonly frame: number } {
  return { capture: connection.capture, frame: connection.broken?.frame ?? connection.firstFrame };
}

/** The pod that has an address. */
export function podAt(x: Examination, address: string): PodDescription | undefined {
  const wanted = normalAddress(address);
  return x.facts.manifest.cluster.pods.find(({ addresses }) => addresses.some((own) => normalAddress(own) === wanted));
}

/** The identity that a pod must have, in the form of its mesh; the trust domain is that of the intent, or the usual one of the profile. */
export function identityOf(
  x: Examination,
  { namespace, serviceAccount = 'default' }: Pick<PodDescription, 'namespace' | 'serviceAccount'>,
): string {
  const trustDomain = x.facts.manifest.intent.trustDomain ?? x.tls.trustDomain.value;
  return workloadIdentity(x.tls.identity.value, { trustDomain, namespace, serviceAccount });
}

/** Whether a certificate has an identity, in the name that its form uses. */
export function isFor({ uris, dnsNames }: TlsCertificate, identity: string): boolean {
  return [...uris, ...dnsNames].includes(identity);
}

/** How often each value occurs, the most frequent first: `TLS 1.3 (40), TLS 1.2 (2)`. */
export function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([value, count]) => `${value} (${count})`)
    .join(', ');
}
