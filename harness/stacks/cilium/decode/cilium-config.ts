import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import { isObject, looksLikeJson, unparsedValue } from '../../../decode/kernel/json.ts';
import { textLines, unparsedLine } from '../../../decode/kernel/lines.ts';
import { withheldValue } from '../../../decode/secrets/withhold.ts';
import type { ConfigEntry } from '../../agent-items.ts';
import { CONFIG_MAP } from '../names.ts';
import { kubeObjects } from './documents.ts';

/** A ConfigMap, or the bare `data` of one. */
function decodeObjects(text: string): Decoded<ConfigEntry> {
  const { found, unparsed } = kubeObjects(text);
  const items: ConfigEntry[] = [];
  for (const object of found) {
    const data = isObject(object.data) ? object.data : 'kind' in object || 'metadata' in object ? undefined : object;
    const name = isObject(object.metadata) ? object.metadata.name : undefined;
    if (name !== undefined && name !== CONFIG_MAP) unparsed.push(unparsedLine(1, `metadata.name is ${String(name)}, not ${CONFIG_MAP}`));
    else if (data === undefined) unparsed.push(unparsedValue(object));
    else
      for (const [key, value] of Object.entries(data)) {
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
          items.push({ key, value: withheldValue(key, String(value)) });
        else unparsed.push(unparsedValue({ [key]: value }));
      }
  }
  return { items, unparsed };
}

/** `config view` aligns its columns; a sentence of an error message has single blanks. */
const WIDE_GAP = /^[a-z][a-z0-9.-]*(?:\t| {2,})\s*\S/;

/**
 * Reads `cilium config view` (two columns), `cilium-dbg config --all` (`Name : value`, maps on separate lines, two headings) and the
 * ConfigMap cilium-config as YAML or JSON. A key may come twice: nested maps are printed flat.
 */
export function decodeCiliumConfig(text: string): Decoded<ConfigEntry> {
  if (looksLikeJson(text) || /^(?:apiVersion|kind|data|metadata|items):/m.test(text)) return decodeObjects(text);
  const items: ConfigEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  let agent = false;
  for (const line of textLines(text)) {
    if (/^#{3,} .* #{3,}$/.test(line.words)) agent = true;
    else {
      const pair =
        /^([A-Za-z][\w.-]*) ?:(?: (.*))?$/.exec(line.words) ?? (WIDE_GAP.test(line.text) ? /^(\S+) (.+)$/.exec(line.words) : null);
      // Only the agent's listing has keys without a value; `config view` prints nothing after a wide gap for an empty value.
      const bare = pair === null ? /^([A-Za-z][\w.-]*)$/.exec(line.words) : null;
      // The agent's listing pads a name to 34 characters: a short name right before a colon is a message, such as `Error: …`.
      if (agent && /^[A-Za-z][\w.-]{0,32}:/.test(line.text)) unparsed.push(unparsedLine(line.line, line.text));
      else if (pair !== null) items.push({ key: pair[1] ?? '', value: withheldValue(pair[1] ?? '', pair[2] ?? '') });
      else if (bare !== null && (agent || /^[a-z][a-z0-9.-]*\s{2,}$/.test(line.text))) items.push({ key: bare[1] ?? '', value: '' });
      else unparsed.push(unparsedLine(line.line, line.text));
    }
  }
  return { items, unparsed };
}
