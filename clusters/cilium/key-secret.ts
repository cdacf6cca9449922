import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../../harness/kube/object.ts';
import { KEY_SECRET, NAMESPACE } from '../../harness/stacks/cilium/names.ts';
import { parseRelease } from './release.ts';

/** The Secret's one entry (`encryption.ipsec.keyFile`). */
const ENTRY = 'keys';

/** AES-128-GCM: 16 bytes of key and 4 of salt (RFC 4106, section 8.1), and the length of the ICV. */
const KEY_BYTES = 20;
const ICV_BITS = 128;

/** The key id after this one: 1 to 15, then 1 again (Cilium documentation, IPsec, key rotation). */
export function nextKeyId(id: number): number {
  if (!Number.isInteger(id) || id < 1 || id > 15) throw new RangeError(`IPsec key id ${id} is outside 1..15`);
  return (id % 15) + 1;
}

/**
 * First patch release with per-tunnel keys, by minor version; from 1.16 every release has them. Source: security advisory
 * GHSA-pwqm-x5x6-5586 and the release notes of 1.14.9 and 1.15.3. Agents of 1.14.5 stop with an error on a `+` (seen).
 */
const PER_TUNNEL_SINCE: Readonly<Record<number, number>> = { 14: 9, 15: 3 };

/** The `+` after the id, which requests a separate key for each tunnel. @throws RangeError for a release without it */
export function perTunnelMark(version: string, perTunnelKeys: boolean): '+' | '' {
  if (!perTunnelKeys) return '';
  const { minor, patch } = parseRelease(version);
  if (patch < (PER_TUNNEL_SINCE[minor] ?? 0))
    throw new RangeError(`Cilium ${version} has no per-tunnel keys; they came with 1.14.9, 1.15.3 and 1.16`);
  return '+';
}

/** The Secret with a new random key. It exists in memory and is sent to the API server: never to a file, never in an argument list. */
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

/**
 * The Secret for the next key: the next id, and new random keys of the same algorithms and lengths, because agents refuse a change of the
 * length (Cilium documentation, IPsec, key rotation). It has only the new entry.
 * @throws RangeError for a Secret without such an entry; the message has no text of it
 */
export function nextKeySecret(secret: KubeObject | undefined): { readonly secret: KubeObject; readonly from: number; readonly to: number } {
  const encoded = (secret?.data as Readonly<Record<string, string>> | undefined)?.[ENTRY];
  const [first = '', ...words] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .trim()
    .split(/\s+/);
  const [, digits, mark = ''] = /^(\d{1,2})(\+?)$/.exec(first) ?? [];
  if (secret === undefined || digits === undefined || !words.some((word) => KEY_WORD.test(word)))
    throw new RangeError(`the Secret ${KEY_SECRET} has no entry ${ENTRY} with an id, an algorithm and a key`);
  const from = Number(digits);
  const to = nextKeyId(from);
  const fresh = words.map((word) => (KEY_WORD.test(word) ? randomBytes(hexBytes(word)).toString('hex') : word));
  const file = [`${to}${mark}`, ...fresh].join(' ');
  const { name, namespace } = secret.metadata;
  return {
    secret: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      data: { [ENTRY]: Buffer.from(file).toString('base64') },
    },
    from,
    to,
  };
}

/** A key in hex, with or without `0x`; what is shorter is the length of the ICV. */
const KEY_WORD = /^(0x)?([0-9a-fA-F]{2}){16,}$/;

function hexBytes(word: string): number {
  return word.replace(/^0x/, '').length / 2;
}
