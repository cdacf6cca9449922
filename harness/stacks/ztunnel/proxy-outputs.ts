import type { Decoded } from '../../decode/decoded.ts';
import { certificateOf } from '../../decode/tls/certificate.ts';
import type { ProxyCertificate, ProxyConnection } from '../readings.ts';

/** The log of a proxy, as ztunnel writes it: `time level access connection complete src.addr=… dst.identity="…" direction="inbound" …`. */
export function decodeProxyLog(text: string): Decoded<ProxyConnection> {
  const items: ProxyConnection[] = [];
  const unparsed: { line: number; text: string }[] = [];
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const fields = new Map(
      [...line.matchAll(/([a-z_.]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [name, quoted ?? plain ?? '']),
    );
    const direction = fields.get('direction');
    const [source, destination] = [fields.get('src.addr'), fields.get('dst.addr')];
    if ((direction !== 'inbound' && direction !== 'outbound') || source === undefined || destination === undefined)
      unparsed.push({ line: index + 1, text: line.slice(0, 200) });
    else
      items.push({
        direction,
        source,
        destination,
        sourceIdentity: fields.get('src.identity') ?? '',
        destinationIdentity: fields.get('dst.identity') ?? '',
        error: fields.get('error') ?? null,
      });
  });
  return { items, unparsed };
}

const END = '-----END CERTIFICATE-----';

/** Certificates of workloads or authorities in PEM, one after the other; the identity is that of the certificate. */
export function decodeCertificates(text: string): Decoded<ProxyCertificate> {
  const items: ProxyCertificate[] = [];
  const unparsed: { line: number; text: string }[] = [];
  for (const part of text.split(END).slice(0, -1)) {
    const pem = `${part.trimStart()}${END}\n`;
    const certificate = certificateOf(pem);
    if (certificate === null) unparsed.push({ line: items.length + 1, text: 'a certificate that cannot be read' });
    else items.push({ identity: certificate.uris[0] ?? certificate.dnsNames[0] ?? '', certificate, pem });
  }
  return { items, unparsed };
}
