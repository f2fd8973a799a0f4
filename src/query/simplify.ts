/**
 * Makes a match smaller without changing what it holds for: constants go, negations move to the
 * conditions, and a condition that others decide already is left out.
 */
import { and, type FieldSet, isNothing, not, setOf } from '../map/4-match/field-set.ts';
import { fieldFor } from '../records/batch.ts';
import type { CompiledList, Leaf, Match } from '../rules/compiled.ts';
import { ALWAYS, isAlways, isNever, NEVER } from './constants.ts';

type Lists = Readonly<Record<string, CompiledList>>;

/** What is certain of a field where a condition stands. */
interface Fact {
  readonly set: FieldSet;
  /** The only texts that are left beside absence, where they can be listed. */
  readonly texts?: readonly string[];
}

type Facts = ReadonlyMap<string, Fact>;

/** Rounds in which what one part has become may decide another. */
const ROUNDS = 4;

/** @returns an equal match in which `not` stands around single conditions alone */
export function simplify(match: Match, lists: Lists): Match {
  return simpler(match, false, lists, new Map());
}

function simpler(match: Match, negated: boolean, lists: Lists, facts: Facts): Match {
  if ('not' in match) return simpler(match.not, !negated, lists, facts);
  if ('field' in match) return ofLeaf(match, negated, lists, facts);
  const parts = 'all' in match ? match.all : match.any;
  return 'all' in match !== negated
    ? conjunction(parts, negated, lists, facts)
    : disjunction(parts, negated, lists, facts);
}

function ofLeaf(leaf: Leaf, negated: boolean, lists: Lists, facts: Facts): Match {
  const fact = factOf(leaf, negated, lists);
  const verdict = decided(fact, facts.get(leaf.field));
  if (verdict !== undefined) return verdict ? ALWAYS : NEVER;
  return negated ? { not: leaf } : leaf;
}

function factOf({ field, test }: Leaf, negated: boolean, lists: Lists): Fact {
  const set = setOf(test, fieldFor(field).type, lists);
  const admitted = negated ? not(set) : set;
  if (set.kind !== 'text') return { set: admitted };
  const { values } = fieldFor(field);
  if (values) return { set: admitted, texts: values.filter((text) => admits(admitted, text)) };
  if ('exists' in test)
    return test.exists === negated ? { set: admitted, texts: [] } : { set: admitted };
  const listed = 'in' in test !== negated && set.prefixes.length === 0;
  return listed && !admitted.absent ? { set: admitted, texts: set.strings } : { set: admitted };
}

/** Whether a condition holds, where what is known of its field decides it. */
function decided(fact: Fact, known: Fact | undefined): boolean | undefined {
  if (isImpossible(fact)) return false;
  if (!known) return undefined;
  const { set } = fact;
  if (set.kind !== 'text') {
    if (isNothing(and(known.set, set))) return false;
    return isNothing(and(known.set, not(set))) ? true : undefined;
  }
  if (known.texts) {
    const cases = known.texts.map((text) => admits(set, text));
    if (known.set.absent) cases.push(set.absent);
    if (!cases.includes(true)) return false;
    return cases.includes(false) ? undefined : true;
  }
  // Texts are open-ended: of those that cannot be listed only presence is known.
  if (known.set.absent) return undefined;
  if (fact.texts?.length === 0) return false;
  return isEverythingPresent(set) ? true : undefined;
}

function isImpossible({ set, texts }: Fact): boolean {
  return isNothing(set) || (texts?.length === 0 && !set.absent);
}

function isEverythingPresent(set: FieldSet): boolean {
  return (
    set.kind === 'text' && set.strings.length + set.prefixes.length === 0 && admits(set, 'any')
  );
}

function joined(facts: Facts, field: string, fact: Fact): Facts {
  const known = facts.get(field);
  if (!known) return new Map([...facts, [field, fact]]);
  const texts = (known.texts ?? fact.texts)?.filter(
    (text) => admits(known.set, text) && admits(fact.set, text),
  );
  const set = and(known.set, fact.set);
  return new Map([...facts, [field, texts ? { set, texts } : { set }]]);
}

function admits(set: FieldSet, text: string): boolean {
  return set.kind === 'text' && set.test(text);
}

function conjunction(parts: readonly Match[], negated: boolean, lists: Lists, facts: Facts): Match {
  let current = parts;
  let flip = negated;
  let before = '';
  for (let round = 0; round < ROUNDS; round++) {
    const found = oneRound(current, flip, lists, facts);
    if (!found) return NEVER;
    const text = JSON.stringify(found);
    current = found;
    flip = false;
    if (text === before) break;
    before = text;
  }
  return current.length === 1 ? current[0] : { all: [...current] };
}

/** Conditions first, since they decide what is left of the blocks. @returns undefined: never holds */
function oneRound(
  parts: readonly Match[],
  negated: boolean,
  lists: Lists,
  outer: Facts,
): Match[] | undefined {
  const kept: Match[] = [];
  let facts = outer;
  const isPlain = (part: Match) => 'field' in ('not' in part ? part.not : part);
  const ordered = [...parts.filter(isPlain), ...parts.filter((part) => !isPlain(part))];
  for (const part of ordered) {
    const simple = simpler(part, negated, lists, facts);
    if (isNever(simple)) return undefined;
    for (const one of 'all' in simple ? simple.all : [simple]) {
      if (isAlways(one) || kept.some((other) => same(other, one))) continue;
      kept.push(one);
      const leaf = 'not' in one ? one.not : one;
      if ('field' in leaf) {
        facts = joined(facts, leaf.field, factOf(leaf, 'not' in one, lists));
        const now = facts.get(leaf.field);
        if (now && isImpossible(now)) return undefined;
      }
    }
  }
  return kept;
}

function disjunction(parts: readonly Match[], negated: boolean, lists: Lists, facts: Facts): Match {
  const kept: Match[] = [];
  for (const part of parts) {
    const simple = simpler(part, negated, lists, facts);
    if (isAlways(simple)) return ALWAYS;
    for (const one of 'any' in simple ? simple.any : [simple]) {
      if (!kept.some((other) => same(other, one))) kept.push(one);
    }
  }
  return kept.length === 1 ? kept[0] : { any: kept };
}

function same(a: Match, b: Match): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
