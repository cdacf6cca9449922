import { parse } from 'yaml';
import { redactXfrmKeys } from '../decode/kernel/redact.ts';
import type { CommandResult } from '../model/shell.ts';
import type { Collector } from './collectors.ts';

/**
 * What may be written of a command's output. Keys are replaced in memory by their length and fingerprint; an output whose
 * keys can't be found for sure is not written at all, and the reason stands in its place on standard error.
 */
export function redactOutput(
  collector: Collector,
  result: CommandResult,
  fingerprint: (key: Uint8Array) => string,
): { readonly stdout: string; readonly stderr: string } {
  if (collector.redact === undefined) return { stdout: result.stdout, stderr: result.stderr };
  try {
    const redact = collector.redact === 'xfrm-keys' ? redactXfrmKeys : redactKeySecret;
    return { stdout: redact(result.stdout, fingerprint), stderr: result.stderr };
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    return { stdout: '', stderr: `${result.stderr}\nwirewitness: the output was withheld: its keys could not be redacted (${why})\n` };
  }
}

/**
 * The key line of a Secret (`kubectl get secret cilium-ipsec-keys -o yaml`) with each key as `<key:BITS:FINGERPRINT>`.
 * Whatever is not a key id, an algorithm name or a small number counts as key material.
 */
export function redactKeySecret(yaml: string, fingerprint: (key: Uint8Array) => string): string {
  if (yaml.trim() === '') return '';
  const secret = parse(yaml) as { data?: Record<string, unknown> } | null;
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
