import type { Fingerprint } from '../decoded.ts';
import { hexBytes } from './fingerprint.ts';
import type { Draft } from './lines.ts';
import type { XfrmAlgorithm } from './xfrm-items.ts';

const LINE =
  /^(aead|auth-trunc|auth|enc|comp) '?([^\s']+)'?(?: (0x\S*|<<Keys hidden>>|<key:\d+:[^>\s]+>|\[hash:[0-9a-f]+\]))?(?: \((\d+) bits\))?(?: (\d+))?$/;

/** A name of the kernel's crypto API. A long run of hex digits is a key in the wrong place, not a name. */
export function isAlgorithmName(text: string): boolean {
  return text.length <= 64 && /^[a-z][a-z0-9_-]*(?:\([a-z0-9_,()-]+\))?$/.test(text) && !/[0-9a-f]{9}/.test(text);
}

export interface AlgorithmLine {
  readonly slot: 'aead' | 'auth' | 'enc' | 'comp';
  readonly algorithm: XfrmAlgorithm;
  /** False when the key or its length could not be read: the line counts as not understood. */
  readonly whole: boolean;
}

/** An algorithm line with its key in the clear, hidden by iproute2, or redacted by the recorder. */
export function decodeAlgorithmLine(words: string, fingerprint: Fingerprint): AlgorithmLine | undefined {
  const match = LINE.exec(words);
  if (match === null || !isAlgorithmName(match[2] ?? '')) return undefined;
  const [, kind = '', name = '', key, bits, icv] = match;
  const algorithm: Draft<XfrmAlgorithm> = { name };
  // aead and auth-trunc always end in the ICV length: a line without it was cut.
  let whole = (kind !== 'aead' && kind !== 'auth-trunc') || icv !== undefined;
  if (icv !== undefined) algorithm.icvBits = Number(icv);
  const redacted = /^<key:(\d+):(.+)>$/.exec(key ?? '');
  if (redacted !== null) {
    algorithm.keyBits = Number(redacted[1]);
    algorithm.fingerprint = redacted[2] ?? '';
  } else if (key?.startsWith('[hash:')) {
    // An agent's bugtool prints SHA-256 of the key's text instead: it identifies the key only among such outputs.
    algorithm.fingerprint = `hash:${key.slice('[hash:'.length, -1).slice(0, 24)}`;
  } else if (key?.startsWith('0x')) {
    const bytes = hexBytes(key.slice(2));
    if (bytes === undefined || (bytes.length === 0 && !name.includes('null'))) whole = false;
    else {
      algorithm.keyBits = bytes.length * 8;
      if (bytes.length > 0) algorithm.fingerprint = fingerprint(bytes);
    }
  } else if (key === undefined && kind !== 'comp' && !name.includes('null')) whole = false;
  if (bits !== undefined) {
    if (algorithm.keyBits !== undefined && algorithm.keyBits !== Number(bits)) whole = false;
    algorithm.keyBits ??= Number(bits);
  }
  return { slot: kind === 'auth-trunc' ? 'auth' : (kind as AlgorithmLine['slot']), algorithm, whole };
}
