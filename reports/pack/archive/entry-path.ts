/**
 * What is wrong with a path of an archive entry, or null: it may not climb, be absolute, or have an empty part, a backslash or a
 * control character, because what it becomes on a disk must not depend on who unpacks it.
 */
export function pathProblem(path: string): string | null {
  if (path === '') return 'has no name';
  if (path.startsWith('/')) return 'is an absolute path';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\\u0000-\u001f\u007f]/.test(path)) return 'has a backslash or a control character in its path';
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
