/** Cells of a column as numbers: to hash group values and to compare two rows, without text. */
import type { Column } from '../../records/batch.ts';

const FNV_PRIME = 0x01000193;

/** Mixes a row's cell into a hash; absent cells mix in as well. */
export function hashCell(
  column: Column | undefined,
  bytes: Uint8Array,
  row: number,
  seed: number,
): number {
  if (column === undefined) return Math.imul(seed ^ 0x9e, FNV_PRIME);
  switch (column.kind) {
    case 'number': {
      const value = column.values[row];
      const low = value | 0;
      const high = (value / 4_294_967_296) | 0;
      return mix(mix(seed, low), high);
    }
    case 'address': {
      const family = column.family[row];
      if (family !== 6 || !column.v6)
        return mix(mix(seed, family), family === 0 ? 0 : column.v4[row]);
      let hash = mix(seed, 6);
      for (let i = row * 4; i < row * 4 + 4; i++) hash = mix(hash, column.v6[i]);
      return hash;
    }
    case 'text': {
      let hash = seed;
      for (let p = column.starts[row]; p < column.ends[row]; p++) {
        hash = Math.imul(hash ^ bytes[p], FNV_PRIME);
      }
      return mix(hash, column.ends[row] === 0 ? 0 : 1);
    }
    case 'code':
      return mix(seed, column.codes[row]);
  }
}

function mix(seed: number, value: number): number {
  let hash = Math.imul(seed ^ value, 0x85ebca6b);
  hash ^= hash >>> 13;
  return Math.imul(hash, 0xc2b2ae35) ^ (hash >>> 16);
}

export function cellsEqual(
  column: Column | undefined,
  bytes: Uint8Array,
  a: number,
  b: number,
): boolean {
  if (column === undefined) return true;
  switch (column.kind) {
    case 'number':
      return Object.is(column.values[a], column.values[b]);
    case 'address': {
      if (column.family[a] !== column.family[b]) return false;
      if (column.family[a] === 0) return true;
      if (column.family[a] === 4) return column.v4[a] === column.v4[b];
      for (let i = 0; i < 4; i++) {
        if (column.v6?.[a * 4 + i] !== column.v6?.[b * 4 + i]) return false;
      }
      return true;
    }
    case 'text': {
      const size = column.ends[a] - column.starts[a];
      if (column.ends[a] === 0 || column.ends[b] === 0) return column.ends[a] === column.ends[b];
      if (size !== column.ends[b] - column.starts[b]) return false;
      for (let i = 0; i < size; i++) {
        if (bytes[column.starts[a] + i] !== bytes[column.starts[b] + i]) return false;
      }
      return true;
    }
    case 'code':
      return column.codes[a] === column.codes[b];
  }
}

export function isAbsent(column: Column | undefined, row: number): boolean {
  if (column === undefined) return true;
  switch (column.kind) {
    case 'number':
      return Number.isNaN(column.values[row]);
    case 'address':
      return column.family[row] === 0;
    case 'text':
      return column.ends[row] === 0;
    case 'code':
      return column.codes[row] === 0;
  }
}
