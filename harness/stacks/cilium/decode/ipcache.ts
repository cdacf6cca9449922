import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import { isObject, looksLikeJson, parseJson, strings, unparsedValue } from '../../../decode/kernel/json.ts';
import { allUnparsed, type Draft, textLines, unparsedLine } from '../../../decode/kernel/lines.ts';
import type { AddressMapEntry } from '../../agent-items.ts';

const PREFIX = /^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/;

function decodeRow(prefix: string, value: string): AddressMapEntry | undefined {
  const fields = new Map(value.split(' ').map((part) => [part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1)] as const));
  const [identity, encryptKey, tunnelEndpoint] = [
    fields.get('identity') ?? '',
    fields.get('encryptkey') ?? '',
    fields.get('tunnelendpoint'),
  ];
  if (!PREFIX.test(prefix) || !/^\d+$/.test(identity) || !/^\d+$/.test(encryptKey) || tunnelEndpoint === undefined) return undefined;
  const entry: Draft<AddressMapEntry> = { prefix, identity: Number(identity), encryptKey: Number(encryptKey), tunnelEndpoint };
  const flags = fields.get('flags');
  if (flags !== undefined) entry.flags = flags === '<none>' ? [] : flags.split(',');
  return entry;
}

function decodeJson(text: string): Decoded<AddressMapEntry> {
  const value = parseJson(text);
  if (!isObject(value)) return { items: [], unparsed: allUnparsed(text) };
  const items: AddressMapEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const [prefix, rows] of Object.entries(value)) {
    const entries = strings(rows).map((row) => decodeRow(prefix, row));
    if (entries.length === 0 || entries.includes(undefined)) unparsed.push(unparsedValue({ [prefix]: rows }));
    items.push(...entries.filter((entry) => entry !== undefined));
  }
  return { items, unparsed };
}

/** Reads `cilium-dbg bpf ipcache list` (text, `-o json`), and what `bpf ipcache update` prints. */
export function decodeIpcache(text: string): Decoded<AddressMapEntry> {
  if (looksLikeJson(text)) return decodeJson(text);
  const items: AddressMapEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    if (/^IP PREFIX\/ADDRESS IDENTITY$/.test(line.words)) continue;
    const match = /^(?:Updated entry )?(\S+)(?: =>)? (identity=.*)$/.exec(line.words);
    const entry = match === null ? undefined : decodeRow(match[1] ?? '', match[2] ?? '');
    if (entry === undefined) unparsed.push(unparsedLine(line.line, line.text));
    else items.push(entry);
  }
  return { items, unparsed };
}
