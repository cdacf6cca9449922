import type { Decoded, UnparsedLine } from '../../../decode/decoded.ts';
import {
  isObject,
  type JsonObject,
  looksLikeJson,
  objects,
  parseJson,
  text as textOf,
  unparsedValue,
} from '../../../decode/kernel/json.ts';
import { allUnparsed, textLines, unparsedLine } from '../../../decode/kernel/lines.ts';

/** A row of the agent's `node list`, or of `kubectl get ciliumnodes`. */
export interface NodeListEntry {
  readonly name: string;
  /** Node addresses, and the CiliumInternalIP if the output has it. */
  readonly addresses: string[];
  readonly podCidrs: string[];
  readonly source?: string;
}

const ADDRESS_COLUMNS = new Set(['IPv4 Address', 'IPv6 Address', 'CILIUMINTERNALIP', 'INTERNALIP']);

/** Columns at the offsets of the headings, because cells may be empty. */
function decodeTable(text: string): Decoded<NodeListEntry> {
  const items: NodeListEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  let columns: { title: string; at: number }[] | undefined;
  for (const line of textLines(text)) {
    const cell = (title: (name: string) => boolean) =>
      (columns ?? [])
        .flatMap(({ title: name, at }, index) => (title(name) ? [line.text.slice(at, columns?.[index + 1]?.at).trim()] : []))
        .filter((value) => value !== '');
    if (/^(?:Name {2,}IPv4 Address|NAME {2,}CILIUMINTERNALIP)/.test(line.text)) {
      columns = [...line.text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ title: match[0], at: match.index }));
    } else if (columns === undefined || !/^\S+ {2,}\S/.test(line.text)) unparsed.push(unparsedLine(line.line, line.text));
    else {
      const [source] = cell((name) => name === 'Source');
      items.push({
        name: cell((name) => name.toLowerCase() === 'name')[0] ?? '',
        addresses: cell((name) => ADDRESS_COLUMNS.has(name)),
        podCidrs: cell((name) => name === 'Endpoint CIDR'),
        ...(source === undefined ? {} : { source }),
      });
    }
  }
  return { items, unparsed };
}

function decodeObject(node: JsonObject): NodeListEntry | undefined {
  const name = textOf(node, 'name');
  const primary = node['primary-address'];
  if (name === undefined || !isObject(primary)) return undefined;
  const families = [primary.ipv4, primary.ipv6].filter(isObject);
  const source = textOf(node, 'source');
  const present = (values: (string | undefined)[]) => values.filter((value) => value !== undefined);
  return {
    name,
    addresses: present([...families, ...objects(node['secondary-addresses'])].map((entry) => textOf(entry, 'ip'))),
    podCidrs: present(families.map((family) => textOf(family, 'alloc-range'))),
    ...(source === undefined ? {} : { source }),
  };
}

/** Reads `cilium-dbg node list` (text, `-o json`) and the table of `kubectl get ciliumnodes`. */
export function decodeNodeList(text: string): Decoded<NodeListEntry> {
  if (!looksLikeJson(text)) return decodeTable(text);
  const value = parseJson(text);
  if (!Array.isArray(value)) return { items: [], unparsed: allUnparsed(text) };
  const items: NodeListEntry[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const entry of value as unknown[]) {
    const node = isObject(entry) ? decodeObject(entry) : undefined;
    if (node === undefined) unparsed.push(unparsedValue(entry));
    else items.push(node);
  }
  return { items, unparsed };
}
