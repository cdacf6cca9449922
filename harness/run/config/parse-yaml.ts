import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ExitError } from '../exit-error.ts';

/**
 * Read a YAML file that a user wrote against its schema.
 * @param allowed the keys of the map at a path, for the message about an unknown one
 * @throws ExitError (usage) when it is not YAML or not valid: one line `file:line:column: …` for each mistake
 */
export function parseYaml<T>(text: string, path: string, schema: z.ZodType<T>, allowed: (path: readonly PropertyKey[]) => string[]): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    throw mistakes(document.errors.map((error) => ({ path, ...lines.linePos(error.pos[0]), message: error.message })));
  if (document.contents === null)
    throw mistakes([{ path, line: 1, col: 1, message: 'the file is empty: write the claims into it (docs/config.md lists the keys)' }]);
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw mistakes(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({
            path,
            ...locate(document, lines, issue.path, key),
            message: `unknown key "${key}"; allowed here: ${allowed(issue.path).join(', ')}`,
          }))
        : [{ path, ...locate(document, lines, issue.path), message: describe(issue) }],
    ),
  );
}

interface Mistake {
  readonly path: string;
  readonly line: number;
  readonly col: number;
  readonly message: string;
}

function mistakes(found: readonly Mistake[]): ExitError {
  return ExitError.usage(found.map(({ path, line, col, message }) => `${path}:${line}:${col}: ${message}`).join('\n'));
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return `${where}${issue.message}`;
}

/** Line and column, both from 1. */
interface Position {
  readonly line: number;
  readonly col: number;
}

/** Position of the value at `path`, or of the nearest enclosing value that exists; with `key`, of that key of the map at `path`. */
function locate(document: Document, lines: LineCounter, path: readonly PropertyKey[], key?: string): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const exact = length === path.length && key !== undefined && isMap(node);
    const found = exact ? node.items.map((item) => item.key).find((k) => isScalar(k) && String(k.value) === key) : node;
    if (isNode(found) && found.range) return lines.linePos(found.range[0]);
  }
  return { line: 1, col: 1 };
}
