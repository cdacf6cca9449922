/** Program header types and dynamic tags used below (System V ABI, chapter 5). */
const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Names of the shared libraries a 64-bit little-endian ELF file asks for (DT_NEEDED), in its order.
 * A file that is not ELF, for instance a script, needs none.
 * @throws RangeError when the file is ELF but of another class, or cut
 */
export function neededLibraries(file: Buffer, name: string): string[] {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return [];
  if (file[4] !== 2 || file[5] !== 1) throw new RangeError(`${name}: not a 64-bit little-endian ELF file`);
  const segments = readSegments(file);
  const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
  if (dynamic === undefined) return [];
  const needed: number[] = [];
  let strings: number | undefined;
  for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.size; at += 16) {
    const tag = file.readBigUInt64LE(at);
    const value = Number(file.readBigUInt64LE(at + 8));
    if (tag === 0n) break;
    if (tag === DT_NEEDED) needed.push(value);
    if (tag === DT_STRTAB) strings = fileOffset(segments, value, name);
  }
  if (needed.length === 0) return [];
  if (strings === undefined) throw new RangeError(`${name}: DT_NEEDED without DT_STRTAB`);
  const table = strings;
  return needed.map((offset) => file.toString('latin1', table + offset, file.indexOf(0, table + offset)));
}

function readSegments(file: Buffer): Segment[] {
  const start = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  const count = file.readUInt16LE(56);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function fileOffset(segments: readonly Segment[], address: number, name: string): number {
  const home = segments.find((s) => s.type === PT_LOAD && address >= s.address && address < s.address + s.size);
  if (home === undefined) throw new RangeError(`${name}: address 0x${address.toString(16)} lies in no loaded segment`);
  return address - home.address + home.offset;
}
