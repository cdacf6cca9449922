import { oneLine } from '../printable.ts';

/** Text as one line of Markdown that shows what it says: nothing in it is markup, in a table or out of one. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>|~]/g, (character) => `\\${character}`);
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => (cell === '' ? '-' : cell)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
