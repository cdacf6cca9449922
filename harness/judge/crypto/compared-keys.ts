import { hash } from 'node:crypto';
import { parseBoundedJson } from '../../model/bounded-json.ts';
import { COMPARABLE_KEYS_FILE, COMPARED_KEYS, type ComparedKeys, comparableKeysSchema, PUBLIC_KEYS } from '../../model/comparable-keys.ts';
import type { CryptoAsset } from '../../model/crypto.ts';
import type { Recording } from '../../model/recording.ts';

/** The keys by which a recording can be held against others: secret ones where the run had a secret for it, public ones always. */
export async function comparedKeys(recording: Recording, assets: readonly CryptoAsset[], gaps: string[]): Promise<readonly ComparedKeys[]> {
  const secret = await secretKeys(recording, assets, gaps);
  const open = assets.flatMap((asset) => {
    if (asset.kind === 'tls-certificate') return [asset.keyFingerprint.slice(0, 32)];
    return asset.kind === 'wireguard-key' ? [hash('sha256', asset.publicKey, 'hex').slice(0, 32)] : [];
  });
  return [...(secret === null ? [] : [secret]), ...(open.length === 0 ? [] : [compared(PUBLIC_KEYS, open)])];
}

async function secretKeys(recording: Recording, assets: readonly CryptoAsset[], gaps: string[]): Promise<ComparedKeys | null> {
  if (recording.manifest.files.every(({ path }) => path !== COMPARABLE_KEYS_FILE)) return null;
  try {
    const { under, keys } = comparableKeysSchema.parse(parseBoundedJson(await recording.text(COMPARABLE_KEYS_FILE)));
    // The keys of tunnels differ from cluster to cluster even where they are derived from one key: that one comes first.
    const ofSecret = assets.flatMap((asset) => (asset.kind === 'ipsec-key' ? asset.algorithms : []));
    const first = ofSecret.flatMap(({ fingerprint }) => (fingerprint === null ? [] : (keys[fingerprint] ?? [])));
    return compared(under, [...first, ...Object.values(keys)]);
  } catch (error) {
    gaps.push(`${COMPARABLE_KEYS_FILE}: cannot be read (${error instanceof Error ? error.name : String(error)})`);
    return null;
  }
}

function compared(under: ComparedKeys['under'], names: readonly string[]): ComparedKeys {
  const all = [...new Set(names)];
  return { under, names: all.slice(0, COMPARED_KEYS), more: Math.max(0, all.length - COMPARED_KEYS) };
}
