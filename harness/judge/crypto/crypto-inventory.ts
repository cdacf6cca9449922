import type { CryptoInventory } from '../../model/crypto.ts';
import type { Recording } from '../../model/recording.ts';
import type { CaptureFacts } from '../wire/capture-facts.ts';
import { comparedKeys } from './compared-keys.ts';
import { ipsecAssociations } from './ipsec-associations.ts';
import { ipsecKeys } from './ipsec-keys.ts';
import { tlsCertificates, tlsSessions } from './tls-assets.ts';
import { wireguardKeys } from './wireguard-keys.ts';

/**
 * The cryptography that the kernels, the key Secret, the proxies and the captures showed over the whole recording, samples of a scenario's
 * window included: observed state, not configuration and not source code. An output that cannot be read is a gap.
 */
export async function readCryptoInventory(recording: Recording, captures: readonly CaptureFacts[] = []): Promise<CryptoInventory> {
  const gaps: string[] = [];
  const assets = [
    ...(await ipsecKeys(recording, gaps)),
    ...(await ipsecAssociations(recording, gaps)),
    ...(await wireguardKeys(recording, gaps)),
    ...(recording.manifest.intent.mode === 'tls' ? tlsSessions(captures) : []),
    ...(await tlsCertificates(recording, gaps)),
  ];
  const compared = await comparedKeys(recording, assets, gaps);
  return { mode: recording.manifest.intent.mode, assets, gaps, compared };
}
