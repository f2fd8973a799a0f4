/**
 * What a condition admits of one field: a set of values, and whether absence is admitted. Closed
 * under and, or and not, so that any nesting of blocks ends as sets of single fields.
 */
import { parseCidr } from '../../records/address.ts';
import type { FieldType } from '../../records/fields.ts';
import { complement, intersection, type Ranges, union } from '../../records/ranges.ts';
import type { CompiledList, Test, ValueSet } from '../../rules/compiled.ts';

const LEAST = Number.MIN_SAFE_INTEGER;
const MOST = Number.MAX_SAFE_INTEGER + 1;
const V4_END = 2 ** 32;
const V6_END = 1n << 128n;

export interface NumberSet {
  readonly kind: 'number';
  readonly absent: boolean;
  readonly ranges: Ranges<number>;
}

export interface AddressValues {
  readonly kind: 'address';
  readonly absent: boolean;
  readonly v4: Ranges<number>;
  readonly v6: Ranges<bigint>;
}

/** Text is open-ended, so the set is a predicate with the values and prefixes it speaks of. */
export interface TextSet {
  readonly kind: 'text';
  readonly absent: boolean;
  readonly test: (value: string) => boolean;
  readonly strings: readonly string[];
  readonly prefixes: readonly string[];
}

export type FieldSet = NumberSet | AddressValues | TextSet;

/** The set a leaf's test admits; absence only by `exists: false`. */
export function setOf(
  test: Test,
  type: FieldType,
  lists: Readonly<Record<string, CompiledList>>,
): FieldSet {
  if ('exists' in test) {
    const present = not(nothing(type));
    return test.exists ? { ...present, absent: false } : { ...nothing(type), absent: true };
  }
  if ('in' in test) return ofValues(test.in, type, lists);
  return { ...not(ofValues(test.notIn, type, lists)), absent: false };
}

/** Admits no value and no absence. */
function nothing(type: FieldType): FieldSet {
  if (type === 'address') return { kind: 'address', absent: false, v4: [], v6: [] };
  if (type === 'string') {
    return { kind: 'text', absent: false, test: () => false, strings: [], prefixes: [] };
  }
  return { kind: 'number', absent: false, ranges: [] };
}

function ofValues(
  values: ValueSet,
  type: FieldType,
  lists: Readonly<Record<string, CompiledList>>,
): FieldSet {
  const named = (values.lists ?? []).map((name) => {
    const list = lists[name];
    if (!list) throw new RangeError(`the snapshot lacks the list $${name}`);
    return list;
  });
  if (type === 'address') {
    const v4: [number, number][] = [];
    const v6: [bigint, bigint][] = [];
    for (const cidr of [...(values.cidrs ?? []), ...named.flatMap((list) => list.cidrs)]) {
      const range = parseCidr(cidr);
      if (range.family === 4) v4.push([range.from, range.to]);
      else v6.push([range.from, range.to]);
    }
    return { kind: 'address', absent: false, v4: union(v4), v6: union(v6) };
  }
  if (type === 'string') {
    const strings = [...(values.strings ?? []), ...named.flatMap((list) => list.strings)];
    const prefixes = [...(values.prefixes ?? [])];
    const exact = new Set(strings);
    const test = (value: string) =>
      exact.has(value) || prefixes.some((prefix) => value.startsWith(prefix));
    return { kind: 'text', absent: false, test, strings, prefixes };
  }
  const pairs = [...(values.numbers ?? []), ...named.flatMap((list) => list.numbers)];
  const ranges = union(pairs.map(([least, most]) => [least, Math.min(most + 1, MOST)] as const));
  return { kind: 'number', absent: false, ranges };
}

/** Every value and absence that the set does not admit. */
export function not(set: FieldSet): FieldSet {
  const absent = !set.absent;
  switch (set.kind) {
    case 'number':
      return { kind: 'number', absent, ranges: complement(set.ranges, LEAST, MOST) };
    case 'address':
      return {
        kind: 'address',
        absent,
        v4: complement(set.v4, 0, V4_END),
        v6: complement(set.v6, 0n, V6_END),
      };
    case 'text':
      return { ...set, absent, test: (value) => !set.test(value) };
  }
}

/** What both admit; the two must be of one field. */
export function and(a: FieldSet, b: FieldSet): FieldSet {
  const absent = a.absent && b.absent;
  if (a.kind === 'number' && b.kind === 'number') {
    return { kind: 'number', absent, ranges: intersection(a.ranges, b.ranges) };
  }
  if (a.kind === 'address' && b.kind === 'address') {
    return {
      kind: 'address',
      absent,
      v4: intersection(a.v4, b.v4),
      v6: intersection(a.v6, b.v6),
    };
  }
  if (a.kind === 'text' && b.kind === 'text') {
    return {
      kind: 'text',
      absent,
      test: (value) => a.test(value) && b.test(value),
      strings: [...a.strings, ...b.strings],
      prefixes: [...a.prefixes, ...b.prefixes],
    };
  }
  throw new TypeError('sets of two fields cannot be joined');
}

/** Whether nothing at all is admitted, as far as can be told. */
export function isNothing(set: FieldSet): boolean {
  if (set.absent || set.kind === 'text') return false;
  return set.kind === 'number'
    ? set.ranges.length === 0
    : set.v4.length === 0 && set.v6.length === 0;
}
