/**
 * Evaluates a match on one row by walking its tree: for rules that the index holds only in part,
 * and for `explain`, which must say what each condition found.
 */

import { word128 } from '../../records/address-set.ts';
import type { RecordBatch } from '../../records/batch.ts';
import { fieldFor } from '../../records/batch.ts';
import { contains } from '../../records/ranges.ts';
import type { CompiledList, Leaf, Match } from '../../rules/compiled.ts';
import { type FieldSet, setOf } from './field-set.ts';

type Lists = Readonly<Record<string, CompiledList>>;

/** A match with its value sets made once. */
export type Predicate = (batch: RecordBatch, row: number) => boolean;

export function predicateOf(match: Match, lists: Lists): Predicate {
  if ('not' in match) {
    const inner = predicateOf(match.not, lists);
    return (batch, row) => !inner(batch, row);
  }
  if ('field' in match) return leafPredicate(match, lists);
  if ('all' in match) {
    const parts = match.all.map((part) => predicateOf(part, lists));
    return (batch, row) => parts.every((part) => part(batch, row));
  }
  const parts = match.any.map((part) => predicateOf(part, lists));
  return (batch, row) => parts.some((part) => part(batch, row));
}

export function leafPredicate(leaf: Leaf, lists: Lists): Predicate {
  const set = setOf(leaf.test, fieldFor(leaf.field).type, lists);
  return (batch, row) => admits(set, batch, leaf.field, row);
}

function admits(set: FieldSet, batch: RecordBatch, field: string, row: number): boolean {
  const column = batch.column(field);
  if (column?.kind === 'address' && set.kind === 'address') {
    if (column.family[row] === 0) return set.absent;
    return column.family[row] === 4
      ? contains(set.v4, column.v4[row])
      : contains(set.v6, word128(column, row));
  }
  const value = column && batch.value(field, row);
  if (value === undefined) return set.absent;
  if (set.kind === 'number') return contains(set.ranges, Number(value));
  return set.kind === 'text' && set.test(String(value));
}
