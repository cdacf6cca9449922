/** The numbers of a release, most significant first: `[6, 1, 0]` of `6.1.0-37-amd64`, `[1, 18, 3]` of `v1.18.3`. Null where a text begins with no version. */
export function releaseOf(text: string): readonly number[] | null {
  const match = /^\s*v?(\d+(?:\.\d+)+)/.exec(text);
  return match === null ? null : (match[1] ?? '').split('.').map(Number);
}

/** Negative where `a` is older, positive where it is newer; a missing number is 0. */
export function compareReleases(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
