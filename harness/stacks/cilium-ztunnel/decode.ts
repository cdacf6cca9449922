import type { Decoded } from '../../decode/decoded.ts';
import { isObject, parseJson, text as textOf } from '../../decode/kernel/json.ts';
import { allUnparsed } from '../../decode/kernel/lines.ts';
import type { EnrolledPod } from '../readings.ts';
import { DONE, ENROLLED_TABLE } from './names.ts';

/** The table of enrolled namespaces in a dump of an agent's tables: it names no pods, so each entry is for all pods of its namespace. */
export function decodeEnrolledNamespaces(text: string): Decoded<EnrolledPod> {
  const dump = parseJson(text);
  const table = isObject(dump) ? dump[ENROLLED_TABLE] : undefined;
  // An empty table of the agents is printed as null.
  if (table === null) return { items: [], unparsed: [] };
  if (!Array.isArray(table)) return { items: [], unparsed: allUnparsed(text) };
  const items: EnrolledPod[] = [];
  for (const entry of table) {
    const name = isObject(entry) ? textOf(entry, 'Name') : undefined;
    const status = isObject(entry) && isObject(entry.Status) ? entry.Status : {};
    const kind = textOf(status, 'kind');
    if (name === undefined || kind === undefined) return { items: [], unparsed: allUnparsed(text) };
    const error = textOf(status, 'error');
    items.push({ pod: `${name}/`, enrolled: kind === DONE, says: `${ENROLLED_TABLE}: ${kind}${error === undefined ? '' : `, ${error}`}` });
  }
  return { items, unparsed: [] };
}

/** Of a dump, the table of enrolled namespaces alone: the others describe the whole cluster. */
export function keepEnrolledNamespaces(output: string): string {
  if (output.trim() === '') return output;
  return `${JSON.stringify({ [ENROLLED_TABLE]: (JSON.parse(output) as Record<string, unknown>)[ENROLLED_TABLE] }, null, 1)}\n`;
}
