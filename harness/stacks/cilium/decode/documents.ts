import { parseBoundedYaml } from '../../../decode/bounded-yaml.ts';
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
    if (isObject(value) && Array.isArray(value.items)) found.push(...objects(value.items));
    else if (isObject(value)) found.push(value);
    else if (value !== null && value !== undefined) unparsed.push(...allUnparsed(text));
  }
  return { found, unparsed };
}
