import { createHash, type Hash } from 'node:crypto';
import { comparePaths } from '../archive/entry-path.ts';
import type { EntryVisitor } from '../archive/read-archive.ts';
import type { UstarEntry } from '../archive/ustar-header.ts';
import { CHECKSUMS, MANIFEST, REPORT, SIGNATURE } from '../layout.ts';
import { evidenceId } from '../manifest.ts';
import { PackRefusal } from '../refusal.ts';
import { type ReadManifest, readManifest } from './documents.ts';
import { checkSize } from './signature-collector.ts';

const OWN: ReadonlySet<string> = new Set([MANIFEST, CHECKSUMS, ...Object.values(SIGNATURE)]);
const KEPT: ReadonlySet<string> = new Set([MANIFEST, REPORT]);

/** Problems that are named in full; the others are counted. */
const NAMED = 5;

/**
 * Second pass over a pack, after the signature is verified: exactly the files that the manifest lists, each with its digest. The manifest
 * is the first entry, so each file is checked while it is read, and memory is bounded by the manifest.
 */
export class ContentChecker implements EntryVisitor {
  /** Digests that are known before: of the lists from the signed statement, of the signature from the first pass. */
  readonly #known: ReadonlyMap<string, string>;
  readonly #timeOf: (manifest: ReadManifest) => number;
  #manifest: ReadManifest | null = null;
  #listed = new Map<string, { bytes: number; sha256: string }>();
  #report: Buffer | null = null;
  #files = 0;
  #bytes = 0;
  readonly #problems: string[] = [];
  #problemCount = 0;
  #firstProblem = '';
  #wrongTime: { name: string; mtime: number } | null = null;
  #entry: UstarEntry = { path: '', size: 0, mtime: 0 };
  #name = '';
  #hash: Hash = createHash('sha256');
  #chunks: Uint8Array[] | null = null;

  /** @param timeOf the time that every entry must carry */
  constructor(known: ReadonlyMap<string, string>, timeOf: (manifest: ReadManifest) => number) {
    this.#known = known;
    this.#timeOf = timeOf;
  }

  begin(entry: UstarEntry): void {
    this.#entry = entry;
    this.#name = entry.path.slice(entry.path.indexOf('/') + 1);
    this.#hash = createHash('sha256');
    checkSize(this.#name, entry.size);
    this.#chunks = KEPT.has(this.#name) ? [] : null;
  }

  data(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#chunks?.push(Uint8Array.from(chunk));
  }

  end(): void {
    const name = this.#name;
    const { size, mtime } = this.#entry;
    const sha256 = this.#hash.digest('hex');
    const kept = this.#chunks === null ? null : Buffer.concat(this.#chunks);
    this.#chunks = null;
    this.#files++;
    this.#bytes += size;
    if (OWN.has(name)) {
      if (this.#known.get(name) !== sha256) throw new PackRefusal(name, 'changed while the pack was read');
      if (name === MANIFEST && kept !== null) this.#take(readManifest(MANIFEST, kept));
    } else this.#checkFile(name, size, sha256);
    if (name === REPORT) this.#report = kept;
    if (this.#manifest !== null && this.#wrongTime === null && mtime !== this.#timeOf(this.#manifest)) this.#wrongTime = { name, mtime };
  }

  /** @throws PackRefusal with every problem, the first few in full */
  finish(): { readonly manifest: ReadManifest; readonly report: Buffer; readonly files: number; readonly bytes: number } {
    const manifest = this.#manifest;
    if (manifest === null) throw new PackRefusal(MANIFEST, 'is not there: it was removed');
    for (const path of this.#listed.keys()) this.#problem(path, 'is named in the manifest but is not there: it was removed or renamed');
    if (this.#problemCount > 0) {
      const rest = this.#problemCount > NAMED ? `; and ${this.#problemCount - NAMED} more` : '';
      throw new PackRefusal(this.#firstProblem, `${this.#problems.join('; ')}${rest}`);
    }
    if (this.#wrongTime !== null) {
      const { name, mtime } = this.#wrongTime;
      const expected = this.#timeOf(manifest);
      throw new PackRefusal(`header of ${name}`, `its time is ${mtime}, the recording ended at ${expected}: it was changed`);
    }
    if (this.#report === null) throw new PackRefusal(REPORT, 'is not there: a pack holds a judged recording');
    return { manifest, report: this.#report, files: this.#files, bytes: this.#bytes };
  }

  /** Ids without gaps and paths in order, so none is duplicate. */
  #take(manifest: ReadManifest): void {
    this.#manifest = manifest;
    let before: string | null = null;
    for (const [index, { id, path, bytes, sha256 }] of manifest.evidence.entries()) {
      if (OWN.has(path)) throw new PackRefusal(MANIFEST, `lists ${path} as evidence, which it can't be`);
      if (before !== null && comparePaths(before, path) >= 0)
        throw new PackRefusal(MANIFEST, `lists ${path} ${before === path ? 'twice' : `after ${before}: the evidence is not in order`}`);
      if (id !== evidenceId(index)) throw new PackRefusal(MANIFEST, `calls ${path} ${id}, must be ${evidenceId(index)}`);
      this.#listed.set(path, { bytes, sha256 });
      before = path;
    }
  }

  #checkFile(name: string, size: number, sha256: string): void {
    const listed = this.#listed.get(name);
    if (listed === undefined) this.#problem(name, 'is not named in the manifest: it was added or renamed');
    else if (listed.sha256 !== sha256 || listed.bytes !== size)
      this.#problem(
        name,
        `has ${size} bytes and SHA-256 ${sha256}; the manifest says ${listed.bytes} and ${listed.sha256}: it was changed`,
      );
    this.#listed.delete(name);
  }

  #problem(path: string, problem: string): void {
    if (this.#problemCount++ === 0) this.#firstProblem = path;
    if (this.#problems.length < NAMED) this.#problems.push(this.#problems.length === 0 ? problem : `${path}: ${problem}`);
  }
}
