/** A table's columns as memory of their own, to change hands between threads. */
import type { Column } from '../../records/batch.ts';
import type { RecordTable } from '../../records/table.ts';

/** A table whose layout is named beside it, and what of it changes hands. */
export interface OwnedTable {
  readonly table: Omit<RecordTable, 'layout'>;
  readonly transfer: ArrayBuffer[];
}

type Numbers = Float64Array | Uint32Array | Uint16Array | Uint8Array;
type Own = <T extends Numbers>(array: T) => T;

/**
 * Chunks share the memory of the table they are part of; sent as they are, each would take all of it along.
 * @param bytes those of the table, as they are sent
 */
export function ownedTable(
  { layout: _, faults, columns, ...rest }: RecordTable,
  bytes: Uint8Array,
): OwnedTable {
  const transfer: ArrayBuffer[] = [];
  const own: Own = (array) => {
    const copy = array.slice() as typeof array;
    transfer.push(copy.buffer as ArrayBuffer);
    return copy;
  };
  const owned = columns.map((column) => ownedColumn(column, own));
  return { table: { ...rest, bytes, columns: owned, faults: own(faults) }, transfer };
}

function ownedColumn(column: Column, own: Own): Column {
  switch (column.kind) {
    case 'number':
      return { ...column, values: own(column.values) };
    case 'address': {
      const v6 = column.v6 && own(column.v6);
      return { ...column, family: own(column.family), v4: own(column.v4), v6 };
    }
    case 'text':
      return { ...column, starts: own(column.starts), ends: own(column.ends) };
    case 'code':
      return { ...column, codes: own(column.codes) };
  }
}
