import { type Document, isMap, isNode, isScalar, type LineCounter } from 'yaml';

/** Line and column, both from 1. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

/** Position of the value at `path`, or of the nearest enclosing value that exists; with `key`, of that key of the map at `path`. */
export function locate(document: Document, lines: LineCounter, path: readonly PropertyKey[], key?: string): Position {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const exact = length === path.length && key !== undefined && isMap(node);
    const found = exact ? node.items.map((item) => item.key).find((k) => isScalar(k) && String(k.value) === key) : node;
    if (isNode(found) && found.range) return lines.linePos(found.range[0]);
  }
  return { line: 1, col: 1 };
}
