import type { CryptoAsset } from '../../harness/model/crypto.ts';

/**
 * How the keys that encrypt come about, as far as it decides what a recording of today is worth to a later quantum computer. `classic`:
 * an agreement by elliptic curves alone. `pre-shared`: from a symmetric secret, with no such agreement. `hybrid`: both, so that one of
 * them must hold. `mixed`: not the same with every peer. Facts of the algorithms, and no judgement of the system.
 */
export type KeyEstablishment = 'classic' | 'pre-shared' | 'hybrid' | 'mixed' | 'unknown';

/** What an asset shows of it. WireGuard mixes a preshared key into its handshake where there is one (Noise IKpsk2; the paper, section 5.2). */
export function keyEstablishment(asset: CryptoAsset): KeyEstablishment {
  if (asset.kind !== 'wireguard-key') return 'pre-shared';
  const { peers, presharedKeys, presharedUnknown } = asset;
  if (peers.length === 0 || presharedUnknown > 0) return 'unknown';
  if (presharedKeys === 0) return 'classic';
  return presharedKeys === peers.length ? 'hybrid' : 'mixed';
}

/** In words, for a page. */
export const KEY_ESTABLISHMENT_WORDS: Readonly<Record<KeyEstablishment, string>> = {
  classic: 'classic: X25519 alone, no preshared key',
  'pre-shared': 'pre-shared: from a symmetric secret, without a key agreement',
  hybrid: 'hybrid: X25519 and a preshared key with every peer',
  mixed: 'mixed: a preshared key with some peers only',
  unknown: 'unknown: whether there are preshared keys was not read',
};
