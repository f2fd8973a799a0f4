/** The condition of a filter pattern on one field. */
import type { AddressValues, FieldSet, NumberSet } from '../map/4-match/field-set.ts';
import { fieldFor } from '../records/batch.ts';
import type { Match } from '../rules/compiled.ts';
import { ipv4Blocks } from './address-blocks.ts';
import { addressPatterns } from './address-pattern.ts';
import { patternField } from './pattern-text.ts';

/** A condition to stand in the field's place, or why there is none. */
export type FieldPattern =
  | { readonly condition: string; readonly regex: boolean }
  | { readonly why: string };

/** Terms beyond which nobody reads a pattern, and its length is used up. */
const MOST_TERMS = 40;
/** Blocks that are written one by one, with a star, before a regular expression is. */
const MOST_BLOCKS = 4;

/** @param match of this field alone, `set` the values that meet it */
export function fieldPattern(field: string, match: Match, set: FieldSet): FieldPattern {
  const name = patternField(field);
  const absent = set.absent ? [`${name}="-"`] : [];
  switch (set.kind) {
    case 'number':
      return ofTerms(field, [...absent, ...numberTerms(name, field, set)]);
    case 'address':
      return ofAddresses(field, absent, set);
    case 'text': {
      const terms = textTerms(name, field, match, set.test);
      if (!terms) return { why: `the texts of ${field} cannot be written as a pattern` };
      return ofTerms(field, [...absent, ...terms]);
    }
  }
}

function ofTerms(field: string, terms: readonly string[]): FieldPattern {
  if (terms.length === 0) return { why: `no record can meet the condition on ${field}` };
  if (terms.length > MOST_TERMS)
    return { why: `the condition on ${field} takes ${terms.length} terms` };
  return { condition: terms.join(' || '), regex: false };
}

function numberTerms(name: string, field: string, { ranges }: NumberSet): string[] {
  const [least, most] = fieldFor(field).range ?? [0, Number.MAX_SAFE_INTEGER];
  const terms: string[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const low = Math.max(ranges[i], least);
    const high = Math.min(ranges[i + 1] - 1, most);
    if (low > high) continue;
    if (low === least && high === most) return [`${name}!="-"`];
    if (low === high) terms.push(`${name}=${low}`);
    else if (high === most) terms.push(`${name}>=${low}`);
    // What is absent is no number, and must not pass for a small one.
    else terms.push(`${name}>=${low} && ${name}<=${high}`);
  }
  return terms;
}

/** undefined where a text has characters that mean something in a pattern, or conditions mix. */
function textTerms(
  name: string,
  field: string,
  match: Match,
  test: (value: string) => boolean,
): string[] | undefined {
  const { values } = fieldFor(field);
  if (values) return values.filter(test).map((value) => `${name}="${value}"`);
  const negated = 'not' in match;
  const leaf = negated ? match.not : match;
  if (!('field' in leaf)) return undefined;
  if ('exists' in leaf.test) return leaf.test.exists === negated ? [] : [`${name}!="-"`];
  const listed = 'in' in leaf.test ? leaf.test.in : leaf.test.notIn;
  if (listed.lists) return undefined;
  const written = [
    ...(listed.strings ?? []),
    ...(listed.prefixes ?? []).map((prefix) => `${prefix}*`),
  ];
  const plain = [...(listed.strings ?? []), ...(listed.prefixes ?? [])];
  if (!plain.every((text) => PLAIN.test(text))) return undefined;
  if ('in' in leaf.test !== negated) return written.map((text) => `${name}="${text}"`);
  const others = written.map((text) => `${name}!="${text}"`);
  return [[`${name}!="-"`, ...others].join(' && ')];
}

const PLAIN = /^[A-Za-z0-9_.:/#@=+-]+$/;

function ofAddresses(field: string, absent: readonly string[], set: AddressValues): FieldPattern {
  const name = patternField(field);
  const blocks = ipv4Blocks(set.v4);
  const starred = blocks.map(starredBlock);
  if (set.v6.length === 0 && blocks.length <= MOST_BLOCKS && !starred.includes(undefined)) {
    return ofTerms(field, [...absent, ...starred.map((block) => `${name}="${block}"`)]);
  }
  const patterns = addressPatterns(set);
  if (!patterns) {
    return { why: `the condition on ${field} has an IPv6 block finer than /16` };
  }
  const all = patterns.join('|');
  if (all === '^\\d+\\.|:') return ofTerms(field, absent.length > 0 ? [] : [`${name}!="-"`]);
  return { condition: [...absent, `${name}=%${all}%`].join(' || '), regex: true };
}

/** `10.*` for a block that ends at a dot; undefined for others. */
function starredBlock(block: string): string | undefined {
  const [address, length] = block.split('/');
  const octets = Number(length) / 8;
  if (octets === 4) return address;
  if (octets === 0 || !Number.isInteger(octets)) return undefined;
  return `${address.split('.').slice(0, octets).join('.')}.*`;
}
