import type { Decoded, DecodeOptions, Fingerprint, UnparsedLine } from '../../../decode/decoded.ts';
import { hexBytes, sha256Fingerprint } from '../../../decode/kernel/fingerprint.ts';
import { isObject, unparsedValue } from '../../../decode/kernel/json.ts';
import { type Draft, textLines, unparsedLine } from '../../../decode/kernel/lines.ts';
import { isAlgorithmName } from '../../../decode/kernel/xfrm-algorithm.ts';
import type { KeySecret, SecretAlgorithm } from '../../agent-items.ts';
import { kubeObjects } from './documents.ts';
import { algorithmProblems, idProblems } from './key-rules.ts';

/** A key in hex, with or without `0x`, or redacted as `<key:BITS:FINGERPRINT>`. Unreadable gives 0 bits. */
function decodeKey(name: string, text: string, fingerprint: Fingerprint): SecretAlgorithm {
  const redacted = /^<key:(\d+):([^>]+)>$/.exec(text);
  if (redacted !== null) return { name, bits: Number(redacted[1]), fingerprint: redacted[2] ?? '' };
  const bytes = hexBytes(text.replace(/^0x/i, ''));
  return bytes === undefined || bytes.length === 0
    ? { name, bits: 0, fingerprint: '' }
    : { name, bits: bytes.length * 8, fingerprint: fingerprint(bytes) };
}

/** Without brackets only the null ciphers are names: any other word may be a key. */
function isName(text: string): boolean {
  return isAlgorithmName(text) && /\)$|_null$/.test(text);
}

function decodeLine(words: string, fingerprint: Fingerprint): KeySecret | undefined {
  const [first = '', ...fields] = words.split(' ');
  const head = /^(\d{1,6})(\+?)$/.exec(first);
  const secret: Draft<KeySecret> = { id: head === null ? null : Number(head[1]), perTunnelKeys: head?.[2] === '+', problems: [] };
  const [a = '', b = '', c = '', d = ''] = head === null ? [first, ...fields] : fields;
  const count = head === null ? fields.length + 1 : fields.length;
  if (!isName(a)) return undefined;
  secret.problems.push(...idProblems(secret.id));
  if (count === 3) {
    const icv = /^\d{1,4}$/.test(c) ? Number(c) : undefined;
    secret.aead = { ...decodeKey(a, b, fingerprint), ...(icv === undefined ? {} : { icvBits: icv }) };
    secret.problems.push(...algorithmProblems('aead', secret.aead));
  } else if ((count === 4 || count === 5) && isName(c)) {
    secret.auth = decodeKey(a, b, fingerprint);
    secret.enc = decodeKey(c, d, fingerprint);
    secret.problems.push(...algorithmProblems('auth', secret.auth), ...algorithmProblems('enc', secret.enc));
  } else if (count > 5) secret.problems.push('invalid format: too many fields in the IPsec secret');
  else secret.problems.push('missing IPSec key or invalid format: neither "ID ALGORITHM KEY ICV" nor "ID AUTH KEY CIPHER KEY"');
  return secret;
}

function decodeContent(text: string, fingerprint: Fingerprint, prefix = ''): Decoded<KeySecret> {
  const items: KeySecret[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    const secret = decodeLine(line.words, fingerprint);
    // A line of this file counts as key material unless it is understood: only its shape is reported.
    if (secret === undefined)
      unparsed.push(unparsedLine(line.line, `${prefix}<${line.words.split(' ').length} fields, not a key line; hidden>`));
    else items.push(secret);
  }
  return { items, unparsed };
}

function base64Text(encoded: string): string | undefined {
  try {
    return atob(encoded.replace(/\s/g, ''));
  } catch {
    // Not base64: the caller reports the field.
    return undefined;
  }
}

/**
 * Reads the IPsec key file, or the Secret that holds it (YAML, JSON; `data.keys` in base64, `stringData.keys` plain). A key is returned
 * only as bits and fingerprint; each violated rule of Cilium's loader is a problem as text.
 */
export function decodeKeySecret(text: string, options: DecodeOptions = {}): Decoded<KeySecret> {
  const fingerprint = options.fingerprint ?? sha256Fingerprint;
  if (!/^\s*\{/.test(text) && !/^(?:apiVersion|kind|data|metadata|stringData|items):/m.test(text)) return decodeContent(text, fingerprint);
  const { found, unparsed } = kubeObjects(text);
  const items: KeySecret[] = [];
  for (const object of found) {
    const data = isObject(object.data) ? object.data.keys : undefined;
    const plain = isObject(object.stringData) ? object.stringData.keys : undefined;
    const content = typeof data === 'string' ? base64Text(data) : typeof plain === 'string' ? plain : undefined;
    if (content === undefined) unparsed.push(unparsedValue({ kind: object.kind, missing: 'data.keys in base64, or stringData.keys' }));
    else {
      const decoded = decodeContent(content, fingerprint, 'data.keys: ');
      items.push(...decoded.items);
      unparsed.push(...decoded.unparsed);
    }
  }
  return {
    items,
    unparsed: unparsed.map((entry) =>
      entry.text.startsWith('data.keys: ') || entry.text.startsWith('{"kind"')
        ? entry
        : { line: entry.line, text: '<hidden: part of a Secret>' },
    ),
  };
}
