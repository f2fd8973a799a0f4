/** Whether a match can hold at all for records of a format: what a rule could ever see there. */
import type { Leaf, Match } from '../rules/compiled.ts';

/** What is known of a field in every record: that it is absent, the only value it has, or nothing. */
export type Knowledge = (
  field: string,
) => { readonly absent: true } | { readonly only: string } | undefined;

interface Outcomes {
  readonly true: boolean;
  readonly false: boolean;
}

const EITHER: Outcomes = { true: true, false: true };
const NEVER: Outcomes = { true: false, false: true };
const ALWAYS: Outcomes = { true: true, false: false };

/** False where no record can meet the match; conditions are taken to be independent. */
export function canHold(match: Match, known: Knowledge): boolean {
  return outcomes(match, known).true;
}

function outcomes(match: Match, known: Knowledge): Outcomes {
  if ('not' in match) {
    const inner = outcomes(match.not, known);
    return { true: inner.false, false: inner.true };
  }
  if ('field' in match) return ofLeaf(match, known);
  if ('all' in match) {
    const parts = match.all.map((part) => outcomes(part, known));
    return { true: parts.every((part) => part.true), false: parts.some((part) => part.false) };
  }
  const parts = match.any.map((part) => outcomes(part, known));
  return { true: parts.some((part) => part.true), false: parts.every((part) => part.false) };
}

function ofLeaf({ field, test }: Leaf, known: Knowledge): Outcomes {
  const fact = known(field);
  if (!fact) return EITHER;
  if ('absent' in fact) return 'exists' in test && !test.exists ? ALWAYS : NEVER;
  if ('exists' in test) return test.exists ? ALWAYS : NEVER;
  const set = 'in' in test ? test.in : test.notIn;
  // Lists and prefixes are not worth looking into here: whoever writes one is given the benefit.
  if (set.lists || set.prefixes || !set.strings) return EITHER;
  return set.strings.includes(fact.only) === 'in' in test ? ALWAYS : NEVER;
}
