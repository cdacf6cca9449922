import { createHash } from 'node:crypto';

/** The namespace of our names; an arbitrary constant. */
const NAMESPACE = 'a9b0f1b4-2f0c-5f0e-9a53-6c1b8f1d7e21';

/** A version 5 UUID (RFC 9562, section 5.5): the same parts give the same UUID, so that a report written twice has the same bytes. */
export function deterministicUuid(...parts: readonly string[]): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(JSON.stringify(parts))
    .digest()
    .subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
