import type { Decoded, UnparsedLine } from '../decoded.ts';
import type { IpRule } from './ip-items.ts';
import { isObject, type JsonObject, looksLikeJson, number, parseJson, text as textOf, unparsedValue } from './json.ts';
import { allUnparsed, type Draft, textLines, unparsedLine } from './lines.ts';
import { routeProtocolName, tableName } from './route-names.ts';
import { decodeMark } from './xfrm-fields.ts';

const ACTIONS = new Set(['blackhole', 'unreachable', 'prohibit', 'nop', 'throw', 'masquerade']);
const EXTRA = new Set([
  'tos',
  'dsfield',
  'dscp',
  'ipproto',
  'sport',
  'dport',
  'uidrange',
  'tun_id',
  'realms',
  'flowlabel',
  'suppress_prefixlength',
  'suppress_ifgroup',
  'map-to',
]);

/** `all`, an address or a CIDR. */
function isPrefix(value: string): boolean {
  return /^(?:all|default|[0-9a-f.:]+(?:\/\d{1,3})?)$/.test(value);
}

const L3MDEV_TABLE = '[l3mdev-table]';

function decodeLine(words: string): IpRule | undefined {
  const head = /^(\d+): ?(.*)$/.exec(words);
  if (head === null) return undefined;
  const rule: Draft<IpRule> = { priority: Number(head[1]), from: '', invert: false, action: '' };
  const extra: Record<string, string> = {};
  const seen = new Set<string>();
  const tokens = (head[2] ?? '').split(' ');
  for (let at = 0; at < tokens.length; at += 1) {
    const key = tokens[at] ?? '';
    if (key === 'not') rule.invert = true;
    else if (ACTIONS.has(key)) rule.action = key;
    else if (key === '[detached]' || key === '[unresolved]' || key === 'l3mdev') extra[key.replace(/[[\]]/g, '')] = 'true';
    else {
      at += 1;
      const value = tokens[at];
      if (value === undefined || value === '') return undefined;
      if (seen.has(key) || ((key === 'from' || key === 'to') && !isPrefix(value))) return undefined;
      seen.add(key);
      if (key === 'from') rule.from = value;
      else if (key === 'to' || key === 'iif' || key === 'oif') rule[key] = value;
      else if (key === 'fwmark') {
        const mark = decodeMark(value);
        if (mark === undefined) return undefined;
        rule.fwmark = mark.value;
        rule.fwmask = mark.mask;
      } else if (key === 'lookup') {
        rule.lookup = tableName(value);
        rule.action = 'lookup';
      } else if (key === 'goto') rule.action = `goto ${value}`;
      else if (key === 'proto') rule.protocol = routeProtocolName(value);
      else if (EXTRA.has(key)) extra[key] = value;
      else return undefined;
    }
  }
  if (rule.from === '' || rule.action === '') return undefined;
  if (Object.keys(extra).length > 0) rule.extra = extra;
  return rule;
}

const JSON_KNOWN = new Set([
  'priority',
  'not',
  'src',
  'srclen',
  'dst',
  'dstlen',
  'fwmark',
  'fwmask',
  'iif',
  'oif',
  'table',
  'goto',
  'action',
  'protocol',
  'nop',
  'l3mdev',
]);

function decodeObject(object: JsonObject): IpRule | undefined {
  const priority = number(object, 'priority');
  const src = textOf(object, 'src');
  if (priority === undefined || src === undefined) return undefined;
  const length = (key: string) => (object[key] === undefined ? '' : `/${String(object[key])}`);
  const table = textOf(object, 'table');
  const goTo = textOf(object, 'goto');
  // `lookup [l3mdev-table]` in text: the table of the VRF that the packet belongs to.
  const isL3mdev = 'l3mdev' in object && object.l3mdev !== false;
  const action = isL3mdev
    ? 'lookup'
    : 'nop' in object
      ? 'nop'
      : goTo !== undefined
        ? `goto ${goTo}`
        : (textOf(object, 'action') ?? (table === undefined ? '' : 'lookup'));
  if (action === '' || action === 'to_tbl') return undefined;
  const rule: Draft<IpRule> = { priority, from: `${src}${length('srclen')}`, invert: 'not' in object && object.not !== false, action };
  const dst = textOf(object, 'dst');
  if (dst !== undefined) rule.to = `${dst}${length('dstlen')}`;
  if (object.fwmark !== undefined) {
    const fwmark = number(object, 'fwmark');
    const fwmask = object.fwmask === undefined ? 0xffffffff : number(object, 'fwmask');
    if (fwmark === undefined || fwmask === undefined) return undefined;
    rule.fwmark = fwmark;
    rule.fwmask = fwmask;
  }
  const [iif, oif, protocol] = [textOf(object, 'iif'), textOf(object, 'oif'), textOf(object, 'protocol')];
  if (iif !== undefined) rule.iif = iif;
  if (oif !== undefined) rule.oif = oif;
  if (isL3mdev) rule.lookup = L3MDEV_TABLE;
  else if (table !== undefined) rule.lookup = tableName(table);
  if (protocol !== undefined) rule.protocol = routeProtocolName(protocol);
  const extra = Object.entries(object).filter(([key]) => !JSON_KNOWN.has(key));
  if (extra.length > 0) rule.extra = Object.fromEntries(extra.map(([key, value]) => [key, String(value)]));
  return rule;
}

function decodeJson(text: string): Decoded<IpRule> {
  const value = parseJson(text);
  if (!Array.isArray(value)) return { items: [], unparsed: allUnparsed(text) };
  const items: IpRule[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const entry of value as unknown[]) {
    const rule = isObject(entry) ? decodeObject(entry) : undefined;
    if (rule === undefined) unparsed.push(unparsedValue(entry));
    else items.push(rule);
  }
  return { items, unparsed };
}

/** Reads `ip [-4|-6] [-d] rule` and `ip -j rule`. Never throws. */
export function decodeIpRule(text: string): Decoded<IpRule> {
  if (looksLikeJson(text)) return decodeJson(text);
  const items: IpRule[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    const rule = decodeLine(line.words);
    if (rule === undefined) unparsed.push(unparsedLine(line.line, line.text));
    else items.push(rule);
  }
  return { items, unparsed };
}
