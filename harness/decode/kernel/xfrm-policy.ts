import type { Decoded, UnparsedLine } from '../decoded.ts';
import { type Draft, iprouteLines, maskFields, unparsedXfrmLine, unsigned } from './lines.ts';
import { decodeFlags, decodeMark, decodeSelector, decodeSpi, HOUSEKEEPING } from './xfrm-fields.ts';
import type { XfrmPolicy, XfrmTemplate } from './xfrm-items.ts';

type PolicyDraft = Omit<Draft<XfrmPolicy>, 'templates'> & { templates: Draft<XfrmTemplate>[] };

const TEMPLATE = /^proto (\S+)(?: spi ([^\s(]+)(?:\(\d+\))?)? reqid ([^\s(]+)(?:\(0x[0-9a-f]+\))? mode (\S+)$/;

/** `dir out action block index 1 priority 100 ptype main share any flag icmp (0x2)`; false when a part is not understood. */
function readDirection(policy: PolicyDraft, words: string): boolean {
  const match = /^(dir|socket) (in|out|fwd)\b(.*)$/.exec(words);
  if (match === null || policy.dir !== '') return false;
  policy.dir = match[1] === 'socket' ? `socket ${match[2]}` : (match[2] ?? '');
  let rest = (match[3] ?? '').trim();
  const flag = / ?\bflag\b(.*)$/.exec(rest);
  if (flag !== null) {
    policy.flags = decodeFlags(flag[1]);
    rest = rest.slice(0, flag.index).trim();
  }
  let whole = true;
  const parts = rest === '' ? [] : rest.split(' ');
  for (let at = 0; at < parts.length; at += 2) {
    const [key, value = ''] = [parts[at], parts[at + 1]];
    const number = unsigned(value);
    if (key === 'action' && (value === 'block' || value === 'allow')) policy.action = value;
    else if (key === 'priority' && number !== undefined) policy.priority = number;
    else if (key === 'index' && number !== undefined) policy.index = number;
    else if (key === 'ptype' && value !== '') policy.ptype = value;
    else if (!(key === 'share' && value !== '')) whole = false;
  }
  return whole;
}

function readTemplate(template: Draft<XfrmTemplate>, words: string): boolean {
  const match = TEMPLATE.exec(words);
  if (match !== null) {
    // A second line of the same kind has no place in a template.
    if (template.proto !== undefined) return false;
    const [, proto = '', spi, reqid, mode = ''] = match;
    template.proto = proto;
    template.mode = mode;
    const number = unsigned(reqid);
    if (number !== undefined) template.reqid = number;
    if (spi !== undefined) template.spi = decodeSpi(spi) ?? spi;
    return number !== undefined && (spi === undefined || decodeSpi(spi) !== undefined);
  }
  const level = /^level (\S+)(?: share \S+)?$/.exec(words);
  if (level === null || template.level !== undefined) return false;
  template.level = level[1] ?? '';
  return true;
}

function readLine(policy: PolicyDraft, words: string): boolean {
  if (/^(?:dir|socket) /.test(words)) return readDirection(policy, words);
  let match = /^mark (\S+)$/.exec(words);
  if (match !== null) {
    const mark = decodeMark(match[1]);
    if (policy.mark !== undefined) return false;
    if (mark !== undefined) policy.mark = mark;
    return mark !== undefined;
  }
  match = /^if_id (\S+)$/.exec(words);
  if (match !== null) {
    const ifId = unsigned(match[1]);
    if (policy.ifId !== undefined) return false;
    if (ifId !== undefined) policy.ifId = ifId;
    return ifId !== undefined;
  }
  match = /^tmpl src ([0-9a-f.:]+|<[^>]+>) dst ([0-9a-f.:]+|<[^>]+>)$/.exec(words);
  if (match !== null) {
    policy.templates.push({ src: match[1] ?? '', dst: match[2] ?? '' });
    return true;
  }
  match = /^add (\S.*) use (\S.*)$/.exec(words);
  if (match !== null) {
    policy.added = match[1] ?? '';
    policy.used = match[2] ?? '';
    return true;
  }
  const offload = /^crypto offload parameters: dev (\S+)/.exec(words);
  if (offload !== null) {
    policy.offload = offload[1] ?? '';
    return true;
  }
  const template = policy.templates.at(-1);
  if (template !== undefined && readTemplate(template, words)) return true;
  return HOUSEKEEPING.test(words) || /^\d+\(bytes\), \d+\(packets\)$/.test(words);
}

/** Without a direction, or with a template without protocol, the policy was cut. */
function isWhole(policy: PolicyDraft): boolean {
  return policy.dir !== '' && policy.templates.every((template) => template.proto !== undefined);
}

/** Reads `ip xfrm policy` (also `-s`, `-o`, indentation lost). Never throws. */
export function decodeXfrmPolicy(text: string): Decoded<XfrmPolicy> {
  const items: PolicyDraft[] = [];
  const unparsed: UnparsedLine[] = [];
  let policy: PolicyDraft | undefined;
  for (const line of iprouteLines(text)) {
    const words = line.words.replace(/^\+ /, '');
    const selector = words.startsWith('src ') ? decodeSelector(words) : undefined;
    if (selector !== undefined) {
      policy = { ...selector, dir: '', action: 'allow', flags: [], templates: [] };
      items.push(policy);
    } else if (policy === undefined || !readLine(policy, words)) {
      if (/^(?:Deleted|Updated) src /.test(words)) policy = undefined;
      else if (policy !== undefined && !words.startsWith('- ') && /^(?:dir|socket|mark|if_id|tmpl|proto|level)\b/.test(words))
        policy.incomplete = true;
      unparsed.push(unparsedXfrmLine(line.line, line.text));
    }
  }
  for (const item of items) if (!isWhole(item)) item.incomplete = true;
  return { items: items.map(maskFields), unparsed };
}
