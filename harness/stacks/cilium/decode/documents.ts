import { parseAllDocuments } from 'yaml';
import type { UnparsedLine } from '../../../decode/decoded.ts';
import { isObject, type JsonObject, looksLikeJson, objects, parseJson } from '../../../decode/kernel/json.ts';
import { allUnparsed } from '../../../decode/kernel/lines.ts';

/** An object of the API server's output. */
export interface KubeObjects {
  readonly found: JsonObject[];
  readonly unparsed: UnparsedLine[];
}

/** The documents of a YAML or JSON text; undefined when it is damaged. */
function documents(text: string): unknown[] | undefined {
  if (looksLikeJson(text)) {
    const value = parseJson(text);
    if (value !== undefined) return [value];
  }
  try {
    const parsed = parseAllDocuments(text);
    if ('empty' in parsed || parsed.some((document) => document.errors.length > 0)) return 'empty' in parsed ? [] : undefined;
    // No aliases: an output of kubectl has none, and they can blow up a small text.
    return parsed.map((document) => document.toJS({ maxAliasCount: 0 }) as unknown);
  } catch {
    // Whatever the YAML reader trips over, the text is not understood: the caller reports all of it.
    return undefined;
  }
}

/** Objects of `kubectl get … -o yaml|json`: one, several documents, or a List. */
export function kubeObjects(text: string): KubeObjects {
  const values = documents(text);
  if (values === undefined) return { found: [], unparsed: allUnparsed(text) };
  const found: JsonObject[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const value of values) {
    if (isObject(value) && Array.isArray(value.items)) found.push(...objects(value.items));
    else if (isObject(value)) found.push(value);
    else if (value !== null && value !== undefined) unparsed.push(...allUnparsed(text));
  }
  return { found, unparsed };
}
