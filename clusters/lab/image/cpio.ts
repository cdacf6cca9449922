/** One file of an archive. Directories and links are files whose mode says so. */
export interface CpioEntry {
  /** Type and permission bits as in stat(2): 0o100644, 0o040755, 0o120777 … */
  readonly mode: number;
  /** Content; for a symbolic link its target. */
  readonly data: Uint8Array;
}

/** A regular file. */
export const file = (data: Uint8Array | string, mode = 0o644): CpioEntry => ({ mode: 0o100000 | mode, data: Buffer.from(data) });
/** A directory. */
export const directory = (mode = 0o755): CpioEntry => ({ mode: 0o040000 | mode, data: Buffer.alloc(0) });
/** A symbolic link. */
export const link = (target: string): CpioEntry => ({ mode: 0o120777, data: Buffer.from(target) });

/**
 * Write a cpio archive in the `newc` format (SVR4 without checksum, as the Linux kernel unpacks for an initramfs;
 * Documentation/driver-api/early-userspace/buffer-format.rst). Owner 0:0, time 0, sorted, parents first: the same
 * entries give the same bytes. The archive is padded to 512 bytes, so another one may follow it.
 */
export function writeCpio(entries: ReadonlyMap<string, CpioEntry>): Buffer {
  const all = new Map(entries);
  for (const path of entries.keys()) {
    if (path.startsWith('/') || path === '') throw new RangeError(`cpio: ${JSON.stringify(path)} is not a relative path`);
    for (const parent of parents(path)) if (!all.has(parent)) all.set(parent, directory());
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  const push = (bytes: Uint8Array) => {
    chunks.push(bytes);
    length += bytes.length;
  };
  const pad = (to: number) => push(Buffer.alloc((to - (length % to)) % to));
  const record = (inode: number, path: string, { mode, data }: CpioEntry, links: number) => {
    push(header([inode, mode, 0, 0, links, 0, data.length, 0, 0, 0, 0, Buffer.byteLength(path) + 1, 0]));
    push(Buffer.from(`${path}\0`));
    pad(4);
    push(data);
    pad(4);
  };
  let inode = 1;
  for (const path of [...all.keys()].sort()) record(inode++, path, all.get(path)!, 1);
  record(0, 'TRAILER!!!', { mode: 0, data: Buffer.alloc(0) }, 1);
  pad(512);
  return Buffer.concat(chunks);
}

function header(fields: readonly number[]): Buffer {
  return Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
}

function parents(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
