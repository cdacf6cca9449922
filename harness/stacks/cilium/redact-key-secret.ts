import { parseBoundedYaml } from '../../decode/bounded-yaml.ts';

/**
 * The key line of a Secret (`kubectl get secret cilium-ipsec-keys -o yaml`) with each key as `<key:BITS:FINGERPRINT>`. Everything except a
 * key id, an algorithm name or a small number counts as key material.
 */
export function redactKeySecret(yaml: string, fingerprint: (key: Uint8Array) => string): string {
  if (yaml.trim() === '') return '';
  const [secret] = parseBoundedYaml(yaml) as [{ data?: Record<string, unknown> } | null];
  const encoded = secret?.data?.keys;
  if (typeof encoded !== 'string') throw new Error('the Secret has no data.keys');
  const line = Buffer.from(encoded, 'base64').toString('utf8');
  const words = line.trim().split(/\s+/);
  return `${words.map((word, index) => (isPlainWord(word, index) ? word : redactedKey(word, fingerprint))).join(' ')}\n`;
}

function isPlainWord(word: string, index: number): boolean {
  if (/^\d{1,3}\+?$/.test(word)) return true;
  return index > 0 && /^[a-z][a-z0-9_-]*\([a-z0-9_,()-]+\)$/.test(word);
}

function redactedKey(word: string, fingerprint: (key: Uint8Array) => string): string {
  const hex = word.replace(/^0x/i, '');
  if (!/^([0-9a-f]{2})+$/i.test(hex)) return '<unreadable-key>';
  const key = Buffer.from(hex, 'hex');
  return `<key:${key.length * 8}:${fingerprint(key)}>`;
}
