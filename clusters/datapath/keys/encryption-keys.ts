import { createHash } from 'node:crypto';
import type { EncryptionKeys } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';
import { ipsecKeyFingerprint } from './ipsec-key.ts';

/** Facts about the configured keys that are not secret. */
export function keysOf(context: DatapathContext): EncryptionKeys {
  return {
    current: async () => {
      if (context.laid === 'ipsec') {
        const { id, algorithm, key } = context.ipsecKey;
        return { id, algorithm, fingerprint: ipsecKeyFingerprint(key) };
      }
      if (context.laid === 'wireguard') {
        // Only public keys: one fingerprint for all of them.
        const all = [...context.wireguardKeys.values()].map((pair) => pair.publicKey).sort();
        const fingerprint = createHash('sha256').update(all.join('\n')).digest('hex').slice(0, 24);
        return { id: 255, algorithm: 'chacha20poly1305', fingerprint };
      }
      return { id: 0, algorithm: '', fingerprint: '' };
    },
    eachSecret: (visit) => {
      visit(context.ipsecKey.key);
      for (const { privateKey } of context.wireguardKeys.values()) visit(Buffer.from(privateKey, 'base64'));
    },
  };
}
