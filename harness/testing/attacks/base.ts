import { readFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Recordings of healthy labs, made on two nodes where the name does not say otherwise, that the attacks edit. */
export const BASES = ['ipsec-1.17', 'ipsec-1.18', 'ipsec-three-nodes', 'wireguard', 'wireguard-native', 'rotation', 'watch'] as const;

export type BaseName = (typeof BASES)[number];

/** The files of a recording by their paths, `manifest.json` among them. */
export type RecordedFiles = ReadonlyMap<string, Uint8Array>;

/** Where a base lies; `node scripts/attack-bases.ts` records them again. */
export function baseFile(name: BaseName): URL {
  return new URL(`bases/${name}.br`, import.meta.url);
}

/** Read the files of a base. @throws when the file is not what {@link packFiles} writes */
export function readBase(name: BaseName): RecordedFiles {
  const bytes = brotliDecompressSync(readFileSync(baseFile(name)));
  const end = bytes.indexOf(0x0a);
  const index = JSON.parse(bytes.toString('utf8', 0, end)) as readonly [path: string, size: number][];
  const files = new Map<string, Uint8Array>();
  let at = end + 1;
  for (const [path, size] of index) {
    files.set(path, bytes.subarray(at, at + size));
    at += size;
  }
  if (at !== bytes.length) throw new RangeError(`${baseFile(name).pathname}: ${bytes.length - at} bytes beyond its index`);
  return files;
}

/**
 * One line of JSON with each file's path and size, then the files, all in one brotli stream with a window over all of it:
 * captures of one packet at many places compress to one.
 */
export function packFiles(files: RecordedFiles): Buffer {
  const index = [...files].map(([path, bytes]) => [path, bytes.length]);
  const whole = Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...files.values()]);
  const { BROTLI_PARAM_LGWIN: window, BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: size } = constants;
  return brotliCompressSync(whole, { params: { [window]: 24, [quality]: 11, [size]: whole.length } });
}
