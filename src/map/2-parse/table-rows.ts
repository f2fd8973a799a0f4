/** Copies rows of a table into the columns of a batch, which has flows alone and no gaps. */
import type { Column, RecordBatch } from '../../records/batch.ts';
import type { RecordTable } from '../../records/table.ts';

export class TableRows {
  readonly #table: RecordTable;
  readonly #to: readonly Column[];
  readonly #capacity: number;

  /** @param batch whose columns of the table's layout are there already */
  constructor(table: RecordTable, batch: RecordBatch) {
    this.#table = table;
    this.#to = table.layout.fields.map((field) => batch.define(field));
    this.#capacity = batch.capacity;
  }

  /**
   * Copies row `from` of the table into row `row` of the batch.
   * @returns OK or the code of what is wrong; the row is then to be written over
   */
  copy(from: number, row: number): number {
    const { columns, faults } = this.#table;
    if (faults[from] !== 0) return faults[from];
    for (let i = 0; i < columns.length; i++) {
      const source = columns[i];
      const to = this.#to[i];
      if (source.kind === 'number' && to.kind === 'number') {
        to.values[row] = source.values[from];
      } else if (source.kind === 'text' && to.kind === 'text') {
        to.starts[row] = source.starts[from];
        to.ends[row] = source.ends[from];
      } else if (source.kind === 'code' && to.kind === 'code') {
        to.codes[row] = source.codes[from];
      } else if (source.kind === 'address' && to.kind === 'address') {
        to.family[row] = source.family[from];
        to.v4[row] = source.v4[from];
        if (source.family[from] !== 6 || !source.v6) continue;
        to.v6 ??= new Uint32Array(this.#capacity * 4);
        for (let word = 0; word < 4; word++) to.v6[row * 4 + word] = source.v6[from * 4 + word];
      }
    }
    return 0;
  }
}
