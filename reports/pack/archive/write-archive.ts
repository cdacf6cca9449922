import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { comparePaths, pathProblem } from './entry-path.ts';
import { gzipFrame } from './gzip-frame.ts';
import { BLOCK, ustarHeader } from './ustar-header.ts';

/** One file to be archived. */
export interface ArchiveFile {
  /** Path inside the archive. */
  readonly path: string;
  readonly size: number;
  /** Where its bytes are. */
  readonly source: string | Uint8Array;
}

/**
 * Write the canonical archive: files only, in byte order of their paths, one fixed header form, zero padding, two zero blocks at
 * the end and nothing after them; compressed by gzip without name or time. The same files give the same bytes.
 *
 * The file gets its name when it is complete. An existing one is replaced.
 * @param mtime seconds since 1970 UTC that every entry carries
 * @throws RangeError for a path or a size that the format can't carry; Error when a file is not as long as it was said to be
 */
export async function writeArchive(out: string, files: readonly ArchiveFile[], mtime: number): Promise<void> {
  const fresh = `${out}.new`;
  try {
    // An existing link is removed, never followed.
    await rm(fresh, { force: true });
    await pipeline(gzipFrame(tarBytes(files, mtime)), createWriteStream(fresh, { flags: 'wx', mode: 0o600 }));
    await rename(fresh, out);
  } finally {
    await rm(fresh, { force: true });
  }
}

/** The uncompressed archive. */
export async function* tarBytes(files: readonly ArchiveFile[], mtime: number): AsyncGenerator<Uint8Array> {
  const sorted = [...files].sort((a, b) => comparePaths(a.path, b.path));
  let before: string | null = null;
  for (const { path, size, source } of sorted) {
    const problem = path === before ? 'is there twice' : pathProblem(path);
    if (problem !== null) throw new RangeError(`${path}: ${problem}`);
    before = path;
    yield ustarHeader({ path, size, mtime });
    let written = 0;
    for await (const chunk of typeof source === 'string' ? (createReadStream(source) as AsyncIterable<Buffer>) : [source]) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== size) throw new Error(`${path}: ${written} bytes were read, ${size} were announced: it changed while it was packed`);
    if (size % BLOCK !== 0) yield Buffer.alloc(BLOCK - (size % BLOCK));
  }
  yield Buffer.alloc(2 * BLOCK);
}
