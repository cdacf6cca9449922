import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../../../harness/kube/object.ts';
import { parseRelease } from './helm-values.ts';

/** Name that the chart expects (`encryption.ipsec.secretName`) and its one entry (`encryption.ipsec.keyFile`). */
const SECRET = 'cilium-ipsec-keys';
const ENTRY = 'keys';

/** AES-128-GCM: 16 bytes of key and 4 of salt (RFC 4106, section 8.1), and the length of the ICV. */
const KEY_BYTES = 20;
const ICV_BITS = 128;

/** The key id after this one: 1 to 15 and round again (Cilium documentation, IPsec, key rotation). */
export function nextKeyId(id: number): number {
  if (!Number.isInteger(id) || id < 1 || id > 15) throw new RangeError(`IPsec key id ${id} is outside 1..15`);
  return (id % 15) + 1;
}

/** The `+` behind the id asks for a key of its own for each tunnel; agents of 1.14 die on it (seen on 1.14.5), and it is no choice from 1.18 on. */
export function perTunnelMark(version: string, perTunnelKeys: boolean): '+' | '' {
  const { minor } = parseRelease(version);
  if (!perTunnelKeys) return '';
  if (minor < 16) throw new RangeError(`Cilium ${version} has no per-tunnel keys; they came with 1.16`);
  return '+';
}

/**
 * The Secret with a fresh key from the system's generator. It lives in memory and goes to the API server: never to a file, never into
 * an argument list.
 */
export function keySecret(id: number, mark: '+' | ''): KubeObject {
  const key = randomBytes(KEY_BYTES).toString('hex');
  const file = `${id}${mark} rfc4106(gcm(aes)) ${key} ${ICV_BITS}`;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: SECRET, namespace: 'kube-system' },
    type: 'Opaque',
    data: { [ENTRY]: Buffer.from(file).toString('base64') },
  };
}
