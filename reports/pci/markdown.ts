import { oneLine } from '../printable.ts';

/** Escaped text as one line of Markdown: nothing in it is markup, also inside a table. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|~]/g, (character) => `\\${character}`);
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => (cell === '' ? '-' : cell)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
