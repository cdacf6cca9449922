import { createHash, type Hash } from 'node:crypto';
import type { EntryVisitor } from '../archive/read-archive.ts';
import type { UstarEntry } from '../archive/ustar-header.ts';
import { CHECKSUMS, MANIFEST, SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';

/** Largest list or signature that is held in memory: a manifest entry has under 1 kB. */
const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;

/** Largest number of entries: each one costs memory. */
const MAX_ENTRIES = 500_000;
const READ: ReadonlySet<string> = new Set([MANIFEST, CHECKSUMS, ...Object.values(SIGNATURE)]);

/** An entry that went by. `name` is its path without the pack's folder. */
export interface CollectedEntry {
  readonly name: string;
  readonly size: number;
  readonly mtime: number;
  readonly sha256: string;
  /** Of the lists and the signature only. */
  readonly bytes?: Buffer;
}

/** Hashes every entry, keeps the bytes of the few that are read. All must lie in one folder. */
export class EntryCollector implements EntryVisitor {
  /** The one folder at the top. */
  folder = '';
  readonly entries = new Map<string, CollectedEntry>();
  #hash: Hash = createHash('sha256');
  #entry: UstarEntry = { path: '', size: 0, mtime: 0 };
  #name = '';
  #kept: Uint8Array[] | null = null;

  begin(entry: UstarEntry): void {
    const slash = entry.path.indexOf('/');
    if (slash < 0) throw new PackRefusal(entry.path, "is not inside the pack's folder");
    const folder = entry.path.slice(0, slash);
    if (this.folder === '') this.folder = folder;
    if (folder !== this.folder) throw new PackRefusal(entry.path, `is outside the pack's folder ${this.folder}`);
    this.#entry = entry;
    this.#name = entry.path.slice(slash + 1);
    this.#hash = createHash('sha256');
    if (this.entries.size >= MAX_ENTRIES)
      throw new PackRefusal(this.#name, `is entry ${MAX_ENTRIES + 1}, above the limit of ${MAX_ENTRIES}`);
    const isRead = READ.has(this.#name);
    if (isRead && entry.size > MAX_DOCUMENT_BYTES)
      throw new PackRefusal(this.#name, `has ${entry.size} bytes, above the limit of ${MAX_DOCUMENT_BYTES}`);
    this.#kept = isRead ? [] : null;
  }

  data(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    // The chunk's memory belongs to the stream.
    this.#kept?.push(Uint8Array.from(chunk));
  }

  end(): void {
    const { size, mtime } = this.#entry;
    const sha256 = this.#hash.digest('hex');
    const bytes = this.#kept === null ? {} : { bytes: Buffer.concat(this.#kept) };
    this.entries.set(this.#name, { name: this.#name, size, mtime, sha256, ...bytes });
  }
}
