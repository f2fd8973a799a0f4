/** Conditions in words, for people who want to know what a rule looks at. */
import type { Match, Test, ValueSet } from './compiled.ts';

/** One phrase for each condition that must hold; empty for a match that holds for every record. */
export function matchWords(match: Match): string[] {
  return 'all' in match ? match.all.flatMap(matchWords) : [phrase(match)];
}

function phrase(match: Match): string {
  if ('all' in match) return match.all.length === 0 ? 'any record' : joined(match.all, ' and ');
  if ('any' in match) return joined(match.any, ' or ');
  if ('not' in match) {
    const inner = phrase(match.not);
    return inner.startsWith('(') ? `not ${inner}` : `not (${inner})`;
  }
  const { field, test } = match;
  if ('exists' in test) return `${field} is ${test.exists ? 'there' : 'absent'}`;
  return `${field} is ${testWords(test)}`;
}

function joined(matches: readonly Match[], word: string): string {
  return `(${matches.map(phrase).join(word)})`;
}

/** What a test wants: `22 or 3389`, `not $internal`, `the field to be there`. */
export function testWords(test: Test): string {
  if ('exists' in test) return test.exists ? 'the field to be there' : 'the field to be absent';
  return 'in' in test ? valueWords(test.in) : `not ${valueWords(test.notIn)}`;
}

function valueWords(values: ValueSet): string {
  const parts = [
    ...(values.numbers ?? []).map(rangeWords),
    ...(values.cidrs ?? []).map((cidr) => cidr.replace(/\/(32|128)$/, '')),
    ...(values.strings ?? []),
    ...(values.prefixes ?? []).map((prefix) => `${prefix}...`),
    ...(values.lists ?? []).map((name) => `$${name}`),
  ];
  const shown = parts.slice(0, 12);
  if (shown.length < parts.length) shown.push(`${parts.length - shown.length} more`);
  return shown.join(' or ');
}

function rangeWords([least, most]: readonly [number, number]): string {
  if (least === most) return String(least);
  if (most === Number.MAX_SAFE_INTEGER) return `at least ${least}`;
  return least === Number.MIN_SAFE_INTEGER || least === -Number.MAX_SAFE_INTEGER
    ? `at most ${most}`
    : `${least}-${most}`;
}
