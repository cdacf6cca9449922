import { printable } from '../../printable.ts';

/**
 * What is wrong with a path of an archive entry, or null: it may not leave the folder, be absolute, or have an empty part, a backslash,
 * white space or an invisible character, because its meaning on a disk or a terminal must not depend on who unpacks it.
 */
export function pathProblem(path: string): string | null {
  if (path === '') return 'has no name';
  if (path.startsWith('/')) return 'is an absolute path';
  if (path.includes('\\') || /\s/.test(path) || printable(path) !== path)
    return 'has a backslash, a control character or one that is not seen in its path';
  for (const part of path.split('/')) {
    if (part === '') return 'has an empty part in its path';
    if (part === '.' || part === '..') return `has the part "${part}" in its path: it would climb out of the pack`;
  }
  return null;
}

/** The order of entries: by bytes of the UTF-8 path. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
