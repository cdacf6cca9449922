import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import { isObject, type JsonObject, looksLikeJson, parseJson, text as textOf } from '../../../decode/kernel/json.ts';
import { allUnparsed, type Draft, textLines, unparsedLine } from '../../../decode/kernel/lines.ts';
import { withholdSecrets } from '../../../decode/secrets/withhold.ts';
import type { AgentStatus } from '../../agent-items.ts';
import { decodeMode, decodeWireguardBrackets } from './encryption-mode.ts';
import { decodeWireguardObject } from './wireguard-json.ts';

type StatusDraft = Omit<Draft<AgentStatus>, 'fields' | 'own'> & { fields: Record<string, string>; own: string[] };

const empty = (): StatusDraft => ({ encryption: { mode: 'unknown', interfaces: [] }, fields: {}, own: [] });

/** `IPv4: 4/254 allocated from 10.0.1.0/24, IPv6: …` and `OK, ip 10.0.1.1, 0 redirects active …`. */
const OWN: Readonly<Record<string, RegExp>> = { IPAM: /allocated from ([0-9a-f.:]+\/\d+)/g, 'Proxy Status': /\bip ([0-9a-f.:]+)/g };

/** The external CLI prints Cilium's logo to the left of its first lines. */
const LOGO = /^[\s/¯\\_]*/;

function decodeRouting(text: string): string | undefined {
  return /\b(vxlan|geneve|native)\b/i.exec(text)?.[1]?.toLowerCase();
}

/** Read the value of the Encryption line; false when it is not completely understood. */
function readEncryption(status: StatusDraft, value: string): boolean {
  const { whole, ...wireguard } = decodeWireguardBrackets(value.replace(/^\S*/, ''));
  const mode = decodeMode(value);
  status.encryption = { mode, ...wireguard, text: withholdSecrets(value) };
  return mode !== 'unknown' && whole;
}

/** A field without secrets; a public key in it stays. */
function shown(key: string, value: string): string {
  return /(?:private|preshared)[-_ ]?key|psk|secret|password|token/i.test(key) ? '<masked>' : withholdSecrets(value);
}

function readField(status: StatusDraft, key: string, value: string): void {
  if (!(key in status.fields)) status.fields[key] = shown(key, value);
  const own = OWN[key];
  if (own !== undefined) status.own.push(...[...value.matchAll(own)].map(([, address = '']) => address));
  if (key === 'Routing') {
    const routing = decodeRouting(value);
    if (routing !== undefined) status.routing = routing;
  } else if (key === 'Cilium') {
    const version = /\b\d+\.\d+\.\d+\S*/.exec(value)?.[0].replace(/[),;]+$/, '');
    if (version !== undefined) status.version = version;
  }
}

function decodeText(text: string): Decoded<AgentStatus> {
  const items: StatusDraft[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    const current = items.at(-1);
    const bare = line.text.replace(LOGO, '');
    const drawn = line.text.trimEnd().length > 0 && /[/¯\\]/.test(line.text.slice(0, line.text.length - bare.length));
    const match = /^([A-Z][A-Za-z0-9 /()-]*?):(?:\s+(\S.*?))?\s*$/.exec(bare);
    const key = match?.[1] ?? '';
    if (bare.trim() === '' && drawn) continue;
    // A line that begins with a blank is a detail of the field above it.
    if (/^\s/.test(line.text) && !drawn) {
      if (current === undefined) unparsed.push(unparsedLine(line.line, line.text));
      continue;
    }
    if (match === null || / {2}/.test(key)) {
      // The external CLI's tables: `DaemonSet   cilium   Desired: 2, Ready: 2/2`.
      const column = /^([A-Z][A-Za-z ]*?) {2,}(\S+ {2,})?(\S.*)$/.exec(bare);
      if (current === undefined || column === null) unparsed.push(unparsedLine(line.line, line.text));
      else readField(current, `${column[1] ?? ''} ${(column[2] ?? '').trim()}`.trim(), column[3] ?? '');
      continue;
    }
    if (/^(?:Error|Warning|Fatal|Unable|Failed)\b/.test(key)) {
      // A message of the client, not a field of the agent.
      unparsed.push(unparsedLine(line.line, line.text));
      continue;
    }
    const value = (match[2] ?? '').replace(/\s+/g, ' ');
    const again = key === 'Encryption' && current?.encryption.text !== undefined;
    if (current === undefined || again) items.push(empty());
    const status = items.at(-1) as StatusDraft;
    readField(status, key, value);
    if (key === 'Encryption' && !readEncryption(status, value)) unparsed.push(unparsedLine(line.line, line.text));
  }
  return { items, unparsed };
}

function decodeObject(object: JsonObject): AgentStatus {
  const status = empty();
  for (const [key, value] of Object.entries(object)) {
    if (isObject(value)) {
      const state = [textOf(value, 'state') ?? textOf(value, 'mode'), textOf(value, 'msg')].filter((part) => part !== undefined).join(' ');
      if (state !== '') status.fields[key] = shown(key, state);
    } else if (value !== null && typeof value !== 'object') status.fields[key] = shown(key, String(value));
  }
  if (isObject(object.encryption)) {
    const mode = textOf(object.encryption, 'mode') ?? '';
    status.encryption = { mode: decodeMode(mode), ...decodeWireguardObject(object.encryption.wireguard), text: mode };
  }
  if (isObject(object.routing)) {
    const native = textOf(object.routing, 'inter-host-routing-mode') ?? '';
    const routing = decodeRouting(textOf(object.routing, 'tunnel-protocol') ?? '') ?? decodeRouting(native);
    if (routing !== undefined) status.routing = /native/i.test(native) ? 'native' : routing;
  }
  const version = isObject(object.cilium) ? /\b\d+\.\d+\.\d+[^\s)]*/.exec(textOf(object.cilium, 'msg') ?? '')?.[0] : undefined;
  if (version !== undefined) status.version = version;
  return status;
}

/**
 * Reads `cilium-dbg status [--verbose]`, `cilium status` of the agent and of the external CLI, and `-o json`. Output
 * without an Encryption line is `unknown`. A second Encryption line opens a second item: two statuses in one text.
 */
export function decodeCiliumStatus(text: string): Decoded<AgentStatus> {
  if (!looksLikeJson(text)) return decodeText(text);
  const value = parseJson(text);
  return isObject(value) ? { items: [decodeObject(value)], unparsed: [] } : { items: [], unparsed: allUnparsed(text) };
}
