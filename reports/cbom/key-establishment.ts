import type { CryptoAsset } from '../../harness/model/crypto.ts';

/**
 * How the encryption keys are established, as far as it decides whether a later quantum computer can decrypt traffic that is recorded
 * today. `classic`: an agreement by elliptic curves alone. `pre-shared`: from a symmetric secret, with no such agreement. `hybrid`: both,
 * so that one of them must hold. `mixed`: not the same with every peer. These are facts of the algorithms; the system is not judged.
 */
export type KeyEstablishment = 'classic' | 'pre-shared' | 'hybrid' | 'mixed' | 'unknown';

/**
 * The key establishment of an asset; null for a certificate, which authenticates and establishes no key. WireGuard mixes a preshared key into
 * its handshake if there is one (Noise IKpsk2; the paper, section 5.2). A TLS key exchange without a group is by a static key of the server.
 */
export function keyEstablishment(asset: CryptoAsset): KeyEstablishment | null {
  if (asset.kind === 'tls-certificate') return null;
  if (asset.kind === 'tls-sessions') return asset.postQuantum ? 'hybrid' : 'classic';
  if (asset.kind !== 'wireguard-key') return 'pre-shared';
  const { peers, presharedKeys, presharedUnknown } = asset;
  if (peers.length === 0 || presharedUnknown > 0) return 'unknown';
  if (presharedKeys === 0) return 'classic';
  return presharedKeys === peers.length ? 'hybrid' : 'mixed';
}

/** As text, for the report. */
export function establishmentWords(asset: CryptoAsset): string {
  const establishment = keyEstablishment(asset);
  if (establishment === null) return 'none: it authenticates';
  return asset.kind === 'tls-sessions' ? `${establishment}: ${asset.group ?? 'without a group'}` : WORDS[establishment];
}

const WORDS: Readonly<Record<KeyEstablishment, string>> = {
  classic: 'classic: X25519 alone, no preshared key',
  'pre-shared': 'pre-shared: from a symmetric secret, without a key agreement',
  hybrid: 'hybrid: X25519 and a preshared key with every peer',
  mixed: 'mixed: a preshared key with some peers only',
  unknown: 'unknown: whether there are preshared keys was not read',
};
