/** A match as a boolean expression of Logs Insights, over the fields that `parse` named. */
import { setOf } from '../map/4-match/field-set.ts';
import { fieldFor } from '../records/batch.ts';
import { complement, type Ranges } from '../records/ranges.ts';
import type { CompiledList, Leaf, Match, Test } from '../rules/compiled.ts';
import { ipv4Blocks, ipv6Blocks } from './address-blocks.ts';
import { isAlways, isNever } from './constants.ts';
import type { InsightsMarks } from './insights-marks.ts';
import { escapedPattern, insightsField, quoted } from './insights-text.ts';
import { MOST_SPREAD } from './port-pattern.ts';

export interface InsightsContext {
  readonly lists: Readonly<Record<string, CompiledList>>;
  readonly marks: InsightsMarks;
}

/** Intervals up to which a set is spelled out; longer ones are shorter as a pattern. */
const MOST_INTERVALS = 4;
/** Members of which an interval is listed rather than bounded. */
const MOST_LISTED = 3;
/** Characters of a pattern that is worth a mark of its own. */
const LONG_PATTERN = 200;
const NUMBER_END = Number.MAX_SAFE_INTEGER;

/** An expression, and what joins its parts at the outside. */
interface Expression {
  readonly text: string;
  readonly joins?: 'and' | 'or';
}

/** @param match of a format's fields, as `matchOver` makes it */
export function insightsFilter(match: Match, context: InsightsContext): string {
  return expression(match, context).text;
}

function expression(match: Match, context: InsightsContext): Expression {
  if (isAlways(match)) return { text: '1 = 1' };
  if (isNever(match)) return NOTHING;
  if ('not' in match) return { text: `not (${expression(match.not, context).text})` };
  if ('field' in match) return ofLeaf(match, context);
  const parts = ('all' in match ? match.all : match.any).map((part) => expression(part, context));
  return join('all' in match ? 'and' : 'or', parts);
}

const NOTHING: Expression = { text: '1 = 0' };

/** Parentheses wherever two operators meet: the precedence of Insights is documented nowhere. */
function join(joins: 'and' | 'or', parts: readonly Expression[]): Expression {
  if (parts.length === 1) return parts[0];
  const texts = parts.map((part) =>
    part.joins === undefined || part.joins === joins ? part.text : `(${part.text})`,
  );
  return { text: texts.join(` ${joins} `), joins };
}

function either(parts: readonly string[]): Expression {
  return join(
    'or',
    parts.map((text) => ({ text, ...(text.includes(' and ') && { joins: 'and' }) })),
  );
}

function ofLeaf({ field, test }: Leaf, context: InsightsContext): Expression {
  if (field === 'duration') return ofDuration(test, context);
  const name = insightsField(field);
  const there = `${name} != "-"`;
  if ('exists' in test) return { text: test.exists ? there : `${name} = "-"` };
  const values = 'in' in test ? test.in : test.notIn;
  const { text, guarded } = membership(name, field, { in: values }, context);
  // What is absent is written as a hyphen, of which numbers and negations must not be asked.
  if ('notIn' in test) return join('and', [{ text: there }, { text: `not (${text.text})` }]);
  return guarded ? text : join('and', [{ text: there }, text]);
}

/** @returns the test of presence apart: `guarded` where a hyphen never passes anyway */
function membership(
  name: string,
  field: string,
  test: Test,
  context: InsightsContext,
): { readonly text: Expression; readonly guarded: boolean } {
  const set = setOf(test, fieldFor(field).type, context.lists);
  if (set.kind === 'number') return ofNumbers(name, set.ranges, context.marks);
  if (set.kind === 'address') {
    return { text: ofAddresses(name, ipv4Blocks(set.v4), ipv6Blocks(set.v6)), guarded: true };
  }
  const parts: string[] = [];
  const strings = [...new Set(set.strings)];
  if (strings.length === 1) parts.push(`${name} = ${quoted(strings[0])}`);
  else if (strings.length > 1) parts.push(`${name} in [${strings.map(quoted).join(', ')}]`);
  const begins = set.prefixes.map(escapedPattern);
  if (begins.length === 1) parts.push(`${name} like /^${begins[0]}/`);
  else if (begins.length > 1) parts.push(`${name} like /^(${begins.join('|')})/`);
  if (parts.length === 0) return { text: NOTHING, guarded: true };
  const admitsHyphen = set.test('-');
  return { text: either(parts), guarded: !admitsHyphen };
}

function ofNumbers(
  name: string,
  ranges: Ranges<number>,
  marks: InsightsMarks,
): { readonly text: Expression; readonly guarded: boolean } {
  const intervals = pairs(ranges);
  if (intervals.length === 0) return { text: NOTHING, guarded: true };
  if (intervals.length > MOST_INTERVALS && !intervals.every(isListed)) {
    const small = intervals.every(([low, high]) => low >= 0 && high <= MOST_SPREAD);
    if (small) return { text: ofSmall(name, intervals, marks), guarded: true };
  }
  const single = intervals.filter(isListed).flatMap(([low, high]) => listed(low, high));
  const parts = intervals.filter((one) => !isListed(one)).map((one) => bounds(name, one));
  if (single.length === 1) parts.unshift(`${name} = ${single[0]}`);
  else if (single.length > 1) parts.unshift(`${name} in [${single.join(', ')}]`);
  return { text: either(parts), guarded: parts.length === 1 && single.length > 0 };
}

/** The set or what it leaves out, whichever is shorter. */
function ofSmall(
  name: string,
  intervals: readonly (readonly [number, number])[],
  marks: InsightsMarks,
): Expression {
  const bounds = intervals.flatMap(([low, high]) => [low, high + 1]);
  const inside = marks.pattern(intervals);
  const outside = marks.pattern(pairs(complement(bounds, 0, MOST_SPREAD + 1)));
  if (inside.length <= outside.length) return { text: matching(name, inside, marks) };
  return { text: `${name} != "-" and not (${matching(name, outside, marks)})`, joins: 'and' };
}

function matching(name: string, pattern: string, marks: InsightsMarks): string {
  if (pattern.length <= LONG_PATTERN) return `${name} like /^${pattern}$/`;
  return `ispresent(${marks.of(name, pattern)})`;
}

function bounds(name: string, [low, high]: readonly [number, number]): string {
  if (low <= -NUMBER_END && high >= NUMBER_END) return `${name} = ${name}`;
  if (high >= NUMBER_END) return `${name} >= ${low}`;
  if (low <= -NUMBER_END) return `${name} <= ${high}`;
  return `${name} >= ${low} and ${name} <= ${high}`;
}

function isListed([low, high]: readonly [number, number]): boolean {
  return high - low < MOST_LISTED;
}

function listed(low: number, high: number): number[] {
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** Inclusive intervals. */
function pairs(ranges: Ranges<number>): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let i = 0; i < ranges.length; i += 2) found.push([ranges[i], ranges[i + 1] - 1]);
  return found;
}

function ofAddresses(name: string, v4: readonly string[], v6: readonly string[]): Expression {
  const single = v4.filter((block) => block.endsWith('/32')).map((block) => block.slice(0, -3));
  const parts = v4
    .filter((block) => !block.endsWith('/32'))
    .map((block) => `isIpv4InSubnet(${name}, "${block}")`);
  if (single.length === 1) parts.unshift(`${name} = "${single[0]}"`);
  else if (single.length > 1) {
    parts.unshift(`${name} in [${single.map((one) => `"${one}"`).join(', ')}]`);
  }
  // An IPv6 address has many spellings, a block has none but its own.
  parts.push(...v6.map((block) => `isIpv6InSubnet(${name}, "${block}")`));
  return parts.length === 0 ? NOTHING : either(parts);
}

/** Seconds from start to end; AWS may write an end before the start, which is 0. */
function ofDuration(test: Test, context: InsightsContext): Expression {
  const there = 'start_time != "-" and end_time != "-"';
  if ('exists' in test)
    return { text: test.exists ? there : `not (${there})`, ...(test.exists && { joins: 'and' }) };
  const values = 'in' in test ? test.in : test.notIn;
  const set = setOf({ in: values }, 'number', context.lists);
  const intervals = set.kind === 'number' ? pairs(set.ranges) : [];
  const parts = intervals
    .filter(([, high]) => high >= 0)
    .map(([low, high]) => bounds('(end_time - start_time)', [low <= 0 ? -NUMBER_END : low, high]));
  const inside = parts.length === 0 ? '1 = 0' : parts.map((part) => `(${part})`).join(' or ');
  return { text: `${there} and ${'in' in test ? '' : 'not '}(${inside})`, joins: 'and' };
}
