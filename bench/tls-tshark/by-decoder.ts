import { createReadStream } from 'node:fs';
import type { TlsConnection } from '../../harness/decode/tls/connection-facts.ts';
import { EncryptedFlows } from '../../harness/decode/tls/encrypted-flows.ts';
import { examineCapture } from '../../harness/judge/ledger/ledger.ts';
import { factsOf, type HandshakeFacts } from './handshake-facts.ts';

/** A connection as the decoder of this project reads it. */
export interface DecodedHandshake extends HandshakeFacts {
  readonly connection: TlsConnection;
}

/** Every TLS connection of a capture. @throws CaptureFormatError */
export async function byDecoder(file: string): Promise<readonly DecodedHandshake[]> {
  const flows = new EncryptedFlows();
  await examineCapture(createReadStream(file), { file }, flows.note);
  return flows.end().tls.map((connection) => ({
    connection,
    ends: `${connection.client} ${connection.clientPort} > ${connection.server} ${connection.serverPort}`,
    frame: connection.firstFrame,
    said: factsOf({
      'offered versions': connection.offeredVersions.join(' '),
      'server name': connection.serverName ?? '',
      'offered ALPN': connection.offeredAlpn.join(' '),
      'offered groups': connection.offeredGroups.join(' '),
      version: connection.version ?? '',
      suite: connection.suite ?? '',
      group: connection.group ?? '',
      ALPN: connection.alpn ?? '',
      certificates: certificatesOf(connection)
        .map(({ serial }) => serial.replace(/^0+/, ''))
        .join(' '),
      names: [...new Set(certificatesOf(connection).flatMap(({ uris, dnsNames }) => [...uris, ...dnsNames]))].sort().join(' '),
    }),
  }));
}

/** Those of the client, then those of the server. */
function certificatesOf({ sides }: TlsConnection): TlsConnection['sides']['client']['certificates'] {
  return [...sides.client.certificates, ...sides.server.certificates];
}
