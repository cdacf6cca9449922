import { parseBoundedYaml } from '../../../decode/bounded-yaml.ts';
import type { UnparsedLine } from '../../../decode/decoded.ts';
import { isObject, type JsonObject, looksLikeJson, objects, parseJson } from '../../../decode/kernel/json.ts';
import { allUnparsed, unparsedLine } from '../../../decode/kernel/lines.ts';

/** An object of the API server's output. */
export interface KubeObjects {
  readonly found: JsonObject[];
  readonly unparsed: UnparsedLine[];
}

/** Top-level fields of the objects that are read here: what else stands there was written by something else, such as a client's error. */
const FIELDS: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'items',
  'spec',
  'status',
  'data',
  'binaryData',
  'stringData',
  'immutable',
  'type',
]);

/** Number of the line that begins with a key, 1 where none does. */
function lineOf(text: string, key: string): number {
  return text.split('\n').findIndex((line) => line.startsWith(`${key}:`)) + 1 || 1;
}

/** The documents of a YAML or JSON text; undefined when it is damaged. */
function documents(text: string): unknown[] | undefined {
  if (looksLikeJson(text)) {
    const value = parseJson(text);
    if (value !== undefined) return [value];
  }
  try {
    return parseBoundedYaml(text);
  } catch {
    // After any error of the YAML reader the text is not understood: the caller reports all of it.
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
    if (isObject(value)) {
      found.push(...(Array.isArray(value.items) ? objects(value.items) : [value]));
      const odd = 'kind' in value || 'metadata' in value ? Object.keys(value).filter((key) => !FIELDS.has(key)) : [];
      unparsed.push(...odd.map((key) => unparsedLine(lineOf(text, key), `${key}: is no field of an object`)));
    } else if (value !== null && value !== undefined) unparsed.push(...allUnparsed(text));
  }
  return { found, unparsed };
}
