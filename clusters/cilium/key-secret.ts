import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../../harness/kube/object.ts';
import { KEY_SECRET, NAMESPACE } from '../../harness/stacks/cilium/names.ts';
import { parseRelease } from './release.ts';

/** The Secret's one entry (`encryption.ipsec.keyFile`). */
const ENTRY = 'keys';

/** AES-128-GCM: 16 bytes of key and 4 of salt (RFC 4106, section 8.1), and the length of the ICV. */
const KEY_BYTES = 20;
const ICV_BITS = 128;

/** The key id after this one: 1 to 15 and round again (Cilium documentation, IPsec, key rotation). */
export function nextKeyId(id: number): number {
  if (!Number.isInteger(id) || id < 1 || id > 15) throw new RangeError(`IPsec key id ${id} is outside 1..15`);
  return (id % 15) + 1;
}

/**
 * First patch release with per-tunnel keys, by minor version; from 1.16 every release has them.
 * Source: security advisory GHSA-pwqm-x5x6-5586 and the release notes of 1.14.9 and 1.15.3. Agents of 1.14.5 end on a `+` (seen).
 */
const PER_TUNNEL_SINCE: Readonly<Record<number, number>> = { 14: 9, 15: 3 };

/** The `+` behind the id, which asks for a key of its own for each tunnel. @throws RangeError for a release that does not know it */
export function perTunnelMark(version: string, perTunnelKeys: boolean): '+' | '' {
  if (!perTunnelKeys) return '';
  const { minor, patch } = parseRelease(version);
  if (patch < (PER_TUNNEL_SINCE[minor] ?? 0))
    throw new RangeError(`Cilium ${version} has no per-tunnel keys; they came with 1.14.9, 1.15.3 and 1.16`);
  return '+';
}

/**
 * The Secret with a fresh key from the system's generator. It lives in memory and goes to the API server: never to a file, never into
 * an argument list.
 */
export function keySecret(id: number, mark: '+' | '', namespace = NAMESPACE): KubeObject {
  const key = randomBytes(KEY_BYTES).toString('hex');
  const file = `${id}${mark} rfc4106(gcm(aes)) ${key} ${ICV_BITS}`;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: KEY_SECRET, namespace },
    type: 'Opaque',
    data: { [ENTRY]: Buffer.from(file).toString('base64') },
  };
}
