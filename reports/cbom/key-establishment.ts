import type { CryptoAsset } from '../../harness/model/crypto.ts';

/**
 * How the encryption keys are established, as far as it decides whether a later quantum computer can decrypt traffic that is recorded
 * today. `classic`: an agreement by elliptic curves alone. `pre-shared`: from a symmetric secret, with no such agreement. `hybrid`: both,
 * so that one of them must hold. `mixed`: not the same with every peer. These are facts of the algorithms; the system is not judged.
 */
export type KeyEstablishment = 'classic' | 'pre-shared' | 'hybrid' | 'mixed' | 'unknown';

/**
 * The key establishment of an asset. WireGuard mixes a preshared key into its handshake if there is one (Noise IKpsk2; the paper, section
 * 5.2).
 */
export function keyEstablishment(asset: CryptoAsset): KeyEstablishment {
  if (asset.kind !== 'wireguard-key') return 'pre-shared';
  const { peers, presharedKeys, presharedUnknown } = asset;
  if (peers.length === 0 || presharedUnknown > 0) return 'unknown';
  if (presharedKeys === 0) return 'classic';
  return presharedKeys === peers.length ? 'hybrid' : 'mixed';
}

/** As text, for the report. */
export const KEY_ESTABLISHMENT_WORDS: Readonly<Record<KeyEstablishment, string>> = {
  classic: 'classic: X25519 alone, no preshared key',
  'pre-shared': 'pre-shared: from a symmetric secret, without a key agreement',
  hybrid: 'hybrid: X25519 and a preshared key with every peer',
  mixed: 'mixed: a preshared key with some peers only',
  unknown: 'unknown: whether there are preshared keys was not read',
};
