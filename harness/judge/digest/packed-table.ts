import * as z from 'zod';
import type { Data } from '../../model/data.ts';
import { algorithmIndex, type EndTable } from './end-table.ts';

export const columnSchema = z.base64();
export const packedTableSchema = z.strictObject({
  offsets: columnSchema,
  spis: columnSchema,
  keys: columnSchema,
  attributes: columnSchema,
});
type PackedTable = Data<typeof packedTableSchema>;

type Column = Uint16Array | Uint32Array | Float64Array;
type ColumnOf<C extends Column> = new (length: number) => C;

/** A column as base64 of little-endian numbers, on any processor. */
export function packColumn(column: Column): string {
  const width = column.BYTES_PER_ELEMENT;
  const bytes = Buffer.alloc(column.length * width);
  for (const [index, value] of column.entries())
    if (column instanceof Float64Array) bytes.writeDoubleLE(value, index * width);
    else bytes.writeUIntLE(value, index * width, width);
  return bytes.toString('base64');
}

/** Bytes behind the last whole number are not read; {@link tableProblem} finds columns of different lengths. */
export function unpackColumn<C extends Column>(text: string, Kind: ColumnOf<C>): C {
  const bytes = Buffer.from(text, 'base64');
  const width = new Kind(0).BYTES_PER_ELEMENT;
  const column = new Kind(Math.floor(bytes.length / width));
  for (let index = 0; index < column.length; index++)
    column[index] = column instanceof Float64Array ? bytes.readDoubleLE(index * width) : bytes.readUIntLE(index * width, width);
  return column;
}

export function packTable({ offsets, spis, keys, attributes }: EndTable): PackedTable {
  return { offsets: packColumn(offsets), spis: packColumn(spis), keys: packColumn(keys), attributes: packColumn(attributes) };
}

export function unpackTable({ offsets, spis, keys, attributes }: PackedTable): EndTable {
  return {
    offsets: unpackColumn(offsets, Uint32Array),
    spis: unpackColumn(spis, Uint32Array),
    keys: unpackColumn(keys, Float64Array),
    attributes: unpackColumn(attributes, Uint16Array),
  };
}

/** Why a table from elsewhere cannot be one of a cluster with so many nodes, with so many algorithms; null if it can. */
export function tableProblem({ offsets, spis, keys, attributes }: EndTable, nodes: number, algorithms: number): string | null {
  if (offsets.length !== nodes + 1) return `offsets of ${offsets.length - 1} nodes, the plan has ${nodes}`;
  if (offsets[0] !== 0 || offsets.some((offset, index) => offset < (offsets[index - 1] ?? 0))) return 'offsets that are not in order';
  const count = offsets[nodes]!;
  if (spis.length !== count || keys.length !== count || attributes.length !== count) return 'columns of different lengths';
  if (attributes.some((attribute) => algorithmIndex(attribute) >= algorithms)) return 'an algorithm that is not listed';
  return null;
}
