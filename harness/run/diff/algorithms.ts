import type { CryptoAsset } from '../../model/crypto.ts';
import type { Report } from '../../model/report.ts';

/** The cryptography in use, without keys, addresses and times; null if the inventory is missing or has gaps. */
export function algorithmsOf({ crypto }: Report): ReadonlySet<string> | null {
  if (crypto === undefined || crypto.gaps.length > 0) return null;
  return new Set(crypto.assets.map(describe));
}

function describe(asset: CryptoAsset): string {
  if (asset.kind === 'wireguard-key') return `WireGuard on ${asset.interface}${asset.presharedKeys > 0 ? ' with preshared keys' : ''}`;
  const algorithms = asset.algorithms
    .map(({ name, keyBits, icvBits }) => `${name} key ${keyBits ?? '?'} icv ${icvBits ?? '?'}`)
    .join(' + ');
  if (asset.kind === 'ipsec-key') return `IPsec key Secret: ${algorithms}${asset.perTunnelKeys ? ', a key for each tunnel' : ''}`;
  return `${asset.proto} ${asset.mode ?? '?'}: ${algorithms}${asset.esn ? ', ESN' : ''}`;
}
