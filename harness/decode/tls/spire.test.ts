import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { examineCapture } from '../../judge/ledger/ledger.ts';
import { EncryptedFlows } from './encrypted-flows.ts';

/** `openssl s_client` and `s_server` (3.0) with X.509-SVIDs that a SPIRE server 1.10.4 minted, over the loopback device. */
const CAPTURE = fileURLToPath(new URL('testdata/spire-1.10.4-tls12.pcap', import.meta.url));

test('SVIDs of a SPIRE server are read from a handshake of TLS 1.2: the workload of each side, and the authority of the trust domain', async () => {
  const flows = new EncryptedFlows();
  await examineCapture(createReadStream(CAPTURE), { file: CAPTURE }, flows.note);
  const [connection, ...others] = flows.end().tls;
  expect(others).toEqual([]);
  expect(connection).toMatchObject({ version: 'TLS 1.2', suite: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', group: 'x25519' });
  for (const side of ['client', 'server'] as const) {
    const { certificates } = connection!.sides[side];
    // The SPIRE server gives an SVID an hour.
    expect(certificates[0]).toMatchObject({
      uris: [`spiffe://cluster.local/ns/demo/sa/${side}`],
      notAfter: '2026-11-29T21:56:52.000Z',
      keyAlgorithm: 'ECDSA prime256v1',
    });
  }
  expect(connection!.sides.client.certificates[1]).toMatchObject({ uris: ['spiffe://cluster.local'] });
});
