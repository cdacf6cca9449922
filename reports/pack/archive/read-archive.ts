import { PackRefusal } from '../refusal.ts';
import { comparePaths, pathProblem } from './entry-path.ts';
import { BLOCK, readUstarHeader, type UstarEntry, ustarHeader } from './ustar-header.ts';

/** Receives one entry: its header, then its bytes in pieces, then its end. */
export interface EntryVisitor {
  begin(entry: UstarEntry): void;
  data(chunk: Uint8Array): void;
  end(): void;
}

/**
 * Read an uncompressed canonical archive, holding one block. Each header is written again from its fields and must be the same 512 bytes;
 * paths ascend, so none is duplicate or moved; padding is zero; nothing follows the two zero blocks.
 * @throws PackRefusal naming the entry, its header or its padding
 */
export async function readArchive(source: AsyncIterable<Uint8Array>, visitor: EntryVisitor): Promise<void> {
  const reader = new Reader(visitor);
  for await (const chunk of source) reader.push(chunk);
  reader.finish();
}

class Reader {
  readonly #visitor: EntryVisitor;
  readonly #block = Buffer.alloc(BLOCK);
  #filled = 0;
  #entry: UstarEntry | null = null;
  #left = 0;
  #padding = 0;
  #zeroBlocks = 0;
  #before: string | null = null;
  #offset = 0;

  constructor(visitor: EntryVisitor) {
    this.#visitor = visitor;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      const rest = chunk.length - at;
      let taken: number;
      if (this.#left > 0) {
        taken = Math.min(rest, this.#left);
        this.#visitor.data(chunk.subarray(at, at + taken));
        this.#left -= taken;
      } else if (this.#padding > 0) {
        taken = Math.min(rest, this.#padding);
        this.#checkPadding(chunk.subarray(at, at + taken));
        this.#padding -= taken;
      } else {
        taken = Math.min(rest, BLOCK - this.#filled);
        this.#block.set(chunk.subarray(at, at + taken), this.#filled);
        this.#filled += taken;
      }
      at += taken;
      this.#offset += taken;
      if (this.#entry !== null && this.#left === 0 && this.#padding === 0) this.#endEntry();
      if (this.#filled === BLOCK) this.#header();
    }
  }

  finish(): void {
    if (this.#entry !== null) throw new PackRefusal(this.#entry.path, `the archive ends inside it, after ${this.#offset} bytes`);
    if (this.#zeroBlocks !== 2 || this.#filled > 0)
      throw new PackRefusal('end of the archive', `must be two blocks of zeros, ends after ${this.#offset} bytes without them`);
  }

  #header(): void {
    const block = this.#block;
    const at = this.#offset - BLOCK;
    this.#filled = 0;
    if (this.#zeroBlocks === 2) throw new PackRefusal('end of the archive', `bytes follow the closing blocks, from byte ${at}`);
    if (block.every((byte) => byte === 0)) {
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw new PackRefusal('end of the archive', `a header follows the first closing block, at byte ${at}`);
    const entry = this.#readHeader(block, at);
    if (this.#before !== null && comparePaths(this.#before, entry.path) >= 0) {
      const how = this.#before === entry.path ? 'is there twice' : `stands after ${this.#before}: the entries are not in order`;
      throw new PackRefusal(entry.path, how);
    }
    this.#before = entry.path;
    this.#entry = entry;
    this.#left = entry.size;
    this.#padding = (BLOCK - (entry.size % BLOCK)) % BLOCK;
    this.#visitor.begin(entry);
    if (entry.size === 0) this.#endEntry();
  }

  #readHeader(block: Buffer, at: number): UstarEntry {
    const where = `header at byte ${at}`;
    let entry: UstarEntry;
    let canonical: Buffer;
    try {
      entry = readUstarHeader(block);
      canonical = ustarHeader(entry);
    } catch (error) {
      throw new PackRefusal(where, (error as Error).message);
    }
    const problem = pathProblem(entry.path);
    if (problem !== null) throw new PackRefusal(`${where} (${JSON.stringify(entry.path)})`, problem);
    const differs = block.findIndex((byte, index) => byte !== canonical[index]);
    if (differs >= 0) throw new PackRefusal(`header of ${entry.path}`, `is not canonical: byte ${at + differs} of the archive was changed`);
    return entry;
  }

  #checkPadding(bytes: Uint8Array): void {
    const found = bytes.findIndex((byte) => byte !== 0);
    if (found >= 0) throw new PackRefusal(`padding of ${this.#entry?.path}`, `byte ${this.#offset + found} of the archive is not zero`);
  }

  #endEntry(): void {
    this.#entry = null;
    this.#visitor.end();
  }
}
