import { createHash } from 'node:crypto';
import type { Kube } from '../../harness/kube/kube.ts';
import type { EncryptionKeys } from '../../harness/model/cluster.ts';
import { KEY_SECRET } from '../../harness/stacks/cilium/names.ts';

/** Facts about the IPsec key of a cluster that are not secret: the id, the algorithm and a hash. The key is read, hashed and not kept. */
export function existingKeys(kube: Kube, namespace: string): EncryptionKeys {
  return {
    current: async () => {
      const secret = await kube.read({ apiVersion: 'v1', kind: 'Secret', metadata: { name: KEY_SECRET, namespace } });
      const encoded = (secret?.data as { keys?: string } | undefined)?.keys;
      if (encoded === undefined) return { id: 0, algorithm: '', fingerprint: '' };
      const [id = '', algorithm = '', key = ''] = Buffer.from(encoded, 'base64').toString('utf8').trim().split(/\s+/);
      const fingerprint = createHash('sha256').update(Buffer.from(key, 'hex')).digest('hex').slice(0, 24);
      return { id: Number.parseInt(id, 10), algorithm, fingerprint };
    },
  };
}
