import { createHash, type Hash } from 'node:crypto';
import type { EntryVisitor } from '../archive/read-archive.ts';
import type { UstarEntry } from '../archive/ustar-header.ts';
import { CHECKSUMS, MANIFEST, MAX_BYTES, SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';

const KEPT: ReadonlySet<string> = new Set(Object.values(SIGNATURE));
const LISTS: ReadonlySet<string> = new Set([MANIFEST, CHECKSUMS]);

/**
 * First pass over a pack, before its maker is known: keeps only the few kilobytes of the signature and the digests of the two lists, so
 * that memory does not depend on the pack. All entries must be in one folder.
 */
export class SignatureCollector implements EntryVisitor {
  /** The one folder at the top. */
  folder = '';
  /** Bytes of the signature's documents by path. */
  readonly kept = new Map<string, Buffer>();
  /** SHA-256 of the two lists by path. */
  readonly digests = new Map<string, string>();
  #name = '';
  #chunks: Uint8Array[] | null = null;
  #hash: Hash | null = null;

  begin(entry: UstarEntry): void {
    const slash = entry.path.indexOf('/');
    if (slash < 0) throw new PackRefusal(entry.path, "is not inside the pack's folder");
    const folder = entry.path.slice(0, slash);
    if (this.folder === '') this.folder = folder;
    if (folder !== this.folder) throw new PackRefusal(entry.path, `is outside the pack's folder ${this.folder}`);
    this.#name = entry.path.slice(slash + 1);
    checkSize(this.#name, entry.size);
    this.#chunks = KEPT.has(this.#name) ? [] : null;
    this.#hash = LISTS.has(this.#name) ? createHash('sha256') : null;
  }

  data(chunk: Uint8Array): void {
    this.#hash?.update(chunk);
    // The chunk's memory belongs to the stream.
    this.#chunks?.push(Uint8Array.from(chunk));
  }

  end(): void {
    if (this.#chunks !== null) this.kept.set(this.#name, Buffer.concat(this.#chunks));
    if (this.#hash !== null) this.digests.set(this.#name, this.#hash.digest('hex'));
  }
}

/** @throws PackRefusal for a document that is larger than it may be */
export function checkSize(name: string, bytes: number): void {
  const limit = MAX_BYTES[name];
  if (limit !== undefined && bytes > limit) throw new PackRefusal(name, `has ${bytes} bytes, above the limit of ${limit}`);
}
