/** Ids of checks from one line of text, separated by blanks. */
export function checks(ids: string): readonly string[] {
  return ids === '' ? [] : ids.split(' ');
}
