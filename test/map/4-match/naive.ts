/**
 * Rules evaluated as their definition reads, on plain field maps: what the bitmaps must agree with.
 * It shares no code with the engine.
 */
import ipaddr from 'ipaddr.js';
import type {
  CompiledFilter,
  CompiledList,
  Match,
  Test,
  ValueSet,
} from '../../../src/rules/compiled.ts';

export type Fields = Readonly<Record<string, string | number | undefined>>;
type Lists = Readonly<Record<string, CompiledList>>;

export function holds(match: Match, fields: Fields, lists: Lists): boolean {
  if ('all' in match) return match.all.every((part) => holds(part, fields, lists));
  if ('any' in match) return match.any.some((part) => holds(part, fields, lists));
  if ('not' in match) return !holds(match.not, fields, lists);
  return testHolds(match.test, fields[match.field], lists);
}

function testHolds(test: Test, value: string | number | undefined, lists: Lists): boolean {
  if ('exists' in test) return test.exists === (value !== undefined);
  if (value === undefined) return false;
  return 'in' in test ? isIn(value, test.in, lists) : !isIn(value, test.notIn, lists);
}

function isIn(value: string | number, set: ValueSet, lists: Lists): boolean {
  const named = (set.lists ?? []).map((name) => lists[name]);
  if (typeof value === 'number') {
    const ranges = [...(set.numbers ?? []), ...named.flatMap(({ numbers }) => numbers)];
    return ranges.some(([least, most]) => least <= value && value <= most);
  }
  const strings = [...(set.strings ?? []), ...named.flatMap((list) => list.strings)];
  const cidrs = [...(set.cidrs ?? []), ...named.flatMap((list) => list.cidrs)];
  return (
    strings.includes(value) ||
    (set.prefixes ?? []).some((prefix) => value.startsWith(prefix)) ||
    (ipaddr.isValid(value) && cidrs.some((cidr) => covers(cidr, value)))
  );
}

function covers(cidr: string, text: string): boolean {
  const address = ipaddr.parse(text);
  const [base, bits] = ipaddr.parseCIDR(
    cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`,
  );
  return address.kind() === base.kind() && address.match(base, bits);
}

/** Whether a filter hides the record from a rule. */
export function hides(
  filter: CompiledFilter,
  rule: string,
  time: number,
  fields: Fields,
  lists: Lists,
): boolean {
  return (
    filter.rules.includes(rule) &&
    (filter.until === undefined || time < filter.until) &&
    holds(filter.match, fields, lists)
  );
}
