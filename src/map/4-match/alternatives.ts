/**
 * A match as alternatives of plain field conditions (its disjunctive normal form): each
 * alternative is one bit in the index. A match with too many of them is indexed by the part that
 * all share, and its tree is evaluated where that part holds.
 */
import { fieldFor } from '../../records/batch.ts';
import type { CompiledList, Match } from '../../rules/compiled.ts';
import { and, type FieldSet, isNothing, not, setOf } from './field-set.ts';

/** All of these must hold. */
export type Alternative = ReadonlyMap<string, FieldSet>;

/** Bits one rule may take; its tree is cheaper than more of them. */
const MOST_ALTERNATIVES = 32;

type Lists = Readonly<Record<string, CompiledList>>;

/** @returns the alternatives, and whether the tree must be asked as well */
export function alternativesOf(
  match: Match,
  lists: Lists,
): { readonly alternatives: readonly Alternative[]; readonly exact: boolean } {
  const exact = expand(match, false, lists);
  if (exact) return { alternatives: exact, exact: true };
  const parts = 'all' in match ? match.all : [];
  let shared: readonly Alternative[] = [new Map()];
  for (const part of parts) {
    const expanded = expand(part, false, lists);
    const joined = expanded && product(shared, expanded);
    if (joined) shared = joined;
  }
  return { alternatives: shared, exact: false };
}

/** undefined when there are too many. */
function expand(match: Match, negated: boolean, lists: Lists): readonly Alternative[] | undefined {
  if ('not' in match) return expand(match.not, !negated, lists);
  if ('field' in match) {
    const set = setOf(match.test, fieldFor(match.field).type, lists);
    const admitted = negated ? not(set) : set;
    return isNothing(admitted) ? [] : [new Map([[match.field, admitted]])];
  }
  const parts = 'all' in match ? match.all : match.any;
  const conjunction = 'all' in match !== negated;
  if (!conjunction) {
    const out: Alternative[] = [];
    for (const part of parts) {
      const expanded = expand(part, negated, lists);
      if (!expanded) return undefined;
      out.push(...expanded);
    }
    return out.length > MOST_ALTERNATIVES ? undefined : out;
  }
  let out: readonly Alternative[] = [new Map()];
  for (const part of parts) {
    const expanded = expand(part, negated, lists);
    const joined = expanded && product(out, expanded);
    if (!joined) return undefined;
    out = joined;
  }
  return out;
}

function product(
  a: readonly Alternative[],
  b: readonly Alternative[],
): readonly Alternative[] | undefined {
  if (a.length * b.length > MOST_ALTERNATIVES) return undefined;
  const out: Alternative[] = [];
  for (const left of a) {
    for (const right of b) {
      const joined = join(left, right);
      if (joined) out.push(joined);
    }
  }
  return out;
}

function join(a: Alternative, b: Alternative): Alternative | undefined {
  const joined = new Map(a);
  for (const [field, set] of b) {
    const other = joined.get(field);
    const both = other ? and(other, set) : set;
    if (isNothing(both)) return undefined;
    joined.set(field, both);
  }
  return joined;
}
