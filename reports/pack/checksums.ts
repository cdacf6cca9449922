import { comparePaths } from './archive/entry-path.ts';

/** SHA256SUMS in the form of `sha256sum`: digest, two spaces, path; in byte order of the paths. */
export function writeChecksums(files: readonly { readonly path: string; readonly sha256: string }[]): string {
  return [...files]
    .sort((a, b) => comparePaths(a.path, b.path))
    .map(({ path, sha256 }) => `${sha256}  ${path}\n`)
    .join('');
}
