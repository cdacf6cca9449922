import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import {
  isObject,
  type JsonObject,
  looksLikeJson,
  number,
  parseJson,
  strings,
  text as textOf,
  unparsedValue,
} from '../../../decode/kernel/json.ts';
import { allUnparsed, type Draft, textLines, unparsedLine } from '../../../decode/kernel/lines.ts';
import type { AgentWireguardInterface, EncryptionStatus } from '../../agent-items.ts';
import { decodeMode } from './encryption-mode.ts';
import { decodeWireguardObject } from './wireguard-json.ts';

type StatusDraft = Omit<Draft<EncryptionStatus>, 'errors' | 'wireguard'> & {
  errors: Record<string, number>;
  wireguard?: { nodeEncryption?: string; interfaces: Draft<AgentWireguardInterface>[] };
};

/** `0x16/0xffffffff`, decimal too; null for N/A; undefined when it is neither. */
function decodeMaxSeq(text: string): EncryptionStatus['maxSeq'] {
  if (text === 'N/A') return null;
  const match = /^(0x[0-9a-fA-F]{1,16}|\d{1,20})\/(0x[0-9a-fA-F]{1,16}|\d{1,20})$/.exec(text);
  return match === null ? undefined : { value: match[1] ?? '', limit: match[2] ?? '' };
}

/** `8` or, of the external CLI, `8 (on 3/3 nodes)`. */
function decodeCount(text: string): number | undefined {
  const match = /^(\d{1,15})(?: \(.*\)| on .*)?$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

const COUNTS: Readonly<Record<string, 'keysInUse' | 'errorCount' | 'expectedKeys'>> = {
  'keys in use': 'keysInUse',
  'ipsec keys in use': 'keysInUse',
  errors: 'errorCount',
  'ipsec errors': 'errorCount',
  'ipsec expected key count': 'expectedKeys',
};

function readWireguard(status: StatusDraft, key: string, value: string): boolean {
  status.wireguard ??= { interfaces: [] };
  const last = status.wireguard.interfaces.at(-1);
  if (key === 'interface') status.wireguard.interfaces.push({ name: value });
  else if (last === undefined) return false;
  else if (key === 'public key') last.publicKey = value;
  else {
    const count = decodeCount(value);
    if (count === undefined) return false;
    last.peerCount = count;
  }
  return true;
}

function readLine(status: StatusDraft, name: string, value: string): boolean {
  const key = name.toLowerCase();
  const counter = COUNTS[key];
  if (counter !== undefined || /^Xfrm\w+$/.test(name)) {
    const count = decodeCount(value);
    if (count === undefined) return false;
    if (counter === undefined) status.errors[name] = count;
    else status[counter] = count;
    return true;
  }
  if (key === 'max seq. number' || key === 'ipsec highest seq. number') {
    const maxSeq = decodeMaxSeq(value);
    if (maxSeq !== undefined) status.maxSeq = maxSeq;
    return maxSeq !== undefined;
  }
  if (key === 'decryption interface(s)') status.decryptionInterfaces = value.split(/[,\s]+/).filter((part) => part !== '');
  else if (key === 'ipsec per-node key' && /^(?:true|false)$/.test(value)) status.perNodeKey = value === 'true';
  else if (key === 'interface' || key === 'public key' || key === 'number of peers') return readWireguard(status, key, value);
  else return key === 'ipsec key rotation in progress' && /^(?:true|false)$/.test(value);
  return true;
}

function decodeText(text: string): Decoded<EncryptionStatus> {
  const items: StatusDraft[] = [];
  const unparsed: UnparsedLine[] = [];
  // A `Node:` line comes before the Encryption line of the same status.
  let node: string | undefined;
  for (const line of textLines(text)) {
    const match = /^([A-Za-z][A-Za-z0-9 .()-]*?):(?: (.*))?$/.exec(line.words);
    const [key, value] = [match?.[1] ?? '', match?.[2] ?? ''];
    const status = items.at(-1);
    if (key === 'Node' && value !== '') node = value;
    else if (key === 'Encryption') {
      const mode = decodeMode(value);
      items.push({ ...(node === undefined ? {} : { node }), mode, errors: {} });
      node = undefined;
      if (mode === 'unknown') unparsed.push(unparsedLine(line.line, line.text));
    } else if (match === null || status === undefined || !readLine(status, key, value)) unparsed.push(unparsedLine(line.line, line.text));
  }
  return { items, unparsed };
}

function decodeObject(object: JsonObject): EncryptionStatus | undefined {
  const mode = textOf(object, 'mode');
  if (mode === undefined) return undefined;
  const status: StatusDraft = { mode: decodeMode(mode), errors: {} };
  if (isObject(object.ipsec)) {
    const { ipsec } = object;
    // Go omits a zero count and an empty map from the JSON (omitempty).
    status.keysInUse = number(ipsec, 'keys-in-use') ?? 0;
    status.errorCount = number(ipsec, 'error-count') ?? 0;
    status.decryptionInterfaces = strings(ipsec['decrypt-interfaces']);
    const maxSeq = decodeMaxSeq(textOf(ipsec, 'max-seq-number') ?? '');
    if (maxSeq !== undefined) status.maxSeq = maxSeq;
    if (isObject(ipsec['xfrm-errors']))
      for (const [name, count] of Object.entries(ipsec['xfrm-errors'])) if (typeof count === 'number') status.errors[name] = count;
  }
  if (isObject(object.wireguard)) status.wireguard = decodeWireguardObject(object.wireguard);
  return status;
}

/** Reads `cilium[-dbg] encrypt status` of every version (text, `-o json`) and the external CLI's `encryption status`. */
export function decodeEncryptStatus(text: string): Decoded<EncryptionStatus> {
  if (!looksLikeJson(text)) return decodeText(text);
  const value = parseJson(text);
  const status = isObject(value) ? decodeObject(value) : undefined;
  if (status !== undefined) return { items: [status], unparsed: [] };
  return { items: [], unparsed: value === undefined ? allUnparsed(text) : [unparsedValue(value)] };
}
