/** Conditions on one field alone, as the set of values that meet them. */
import { and, type FieldSet, not, setOf } from '../map/4-match/field-set.ts';
import { fieldFor } from '../records/batch.ts';
import type { CompiledList, Match } from '../rules/compiled.ts';
import { fieldsIn } from '../rules/match.ts';

/** Parts that must all hold, by the only field that each asks; undefined where one asks several. */
export function byField(match: Match): ReadonlyMap<string, Match> | undefined {
  const parts = 'all' in match ? match.all : [match];
  const found = new Map<string, Match[]>();
  for (const part of parts) {
    const [field, another] = fieldsIn(part);
    if (field === undefined || another !== undefined) return undefined;
    found.set(field, [...(found.get(field) ?? []), part]);
  }
  return new Map([...found].map(([field, all]) => [field, all.length === 1 ? all[0] : { all }]));
}

/** Fields of the first part that asks more than one. */
export function mixedFields(match: Match): readonly string[] {
  const parts = 'all' in match ? match.all : [match];
  return parts.map(fieldsIn).find((fields) => fields.length > 1) ?? [];
}

/** The values that meet a match of one field. */
export function valuesOf(match: Match, lists: Readonly<Record<string, CompiledList>>): FieldSet {
  if ('not' in match) return not(valuesOf(match.not, lists));
  if ('field' in match) return setOf(match.test, fieldFor(match.field).type, lists);
  const parts = ('all' in match ? match.all : match.any).map((part) => valuesOf(part, lists));
  if ('all' in match) return parts.reduce(and);
  return not(parts.map(not).reduce(and));
}
