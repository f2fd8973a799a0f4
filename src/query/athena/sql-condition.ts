/**
 * A match as a boolean expression of Athena's SQL (Trino), over the columns that `flows` makes: what
 * is absent is NULL there, and no expression is ever NULL itself.
 */
import { type FieldSet, setOf } from '../../map/4-match/field-set.ts';
import { fieldFor } from '../../records/batch.ts';
import type { Ranges } from '../../records/ranges.ts';
import type { CompiledList, Leaf, Match } from '../../rules/compiled.ts';
import { ipv4Blocks, ipv6Blocks } from '../address-blocks.ts';
import { isAlways, isNever } from '../constants.ts';
import { columnOf, text } from './sql-text.ts';

type Lists = Readonly<Record<string, CompiledList>>;

const NUMBER_END = Number.MAX_SAFE_INTEGER;

/** @param match of a format's fields, as `matchOver` makes it */
export function sqlCondition(match: Match, lists: Lists): string {
  if (isAlways(match)) return 'TRUE';
  if (isNever(match)) return 'FALSE';
  if ('not' in match) return `NOT (${sqlCondition(match.not, lists)})`;
  if ('field' in match) return ofLeaf(match, lists);
  const parts = ('all' in match ? match.all : match.any).map((part) => sqlCondition(part, lists));
  return `(${parts.join('all' in match ? ' AND ' : ' OR ')})`;
}

function ofLeaf({ field, test }: Leaf, lists: Lists): string {
  const column = columnOf(field);
  if ('exists' in test) return `${column} IS ${test.exists ? 'NOT NULL' : 'NULL'}`;
  const values = 'in' in test ? test.in : test.notIn;
  const set = setOf({ in: values }, fieldFor(field).type, lists);
  const inside = `(${partsOf(column, set).join(' OR ') || 'FALSE'})`;
  return `(${column} IS NOT NULL AND ${'in' in test ? '' : 'NOT '}${inside})`;
}

function partsOf(column: string, set: FieldSet): string[] {
  switch (set.kind) {
    case 'number':
      return ofNumbers(column, set.ranges);
    case 'address':
      return ofAddresses(column, set.v4, set.v6);
    case 'text': {
      const strings = [...new Set(set.strings)].map(text);
      const begins = set.prefixes.map((prefix) => `starts_with(${column}, ${text(prefix)})`);
      return [...(strings.length > 0 ? [`${column} IN (${strings.join(', ')})`] : []), ...begins];
    }
  }
}

function ofNumbers(column: string, ranges: Ranges<number>): string[] {
  const single: number[] = [];
  const parts: string[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const [low, high] = [ranges[i], ranges[i + 1] - 1];
    if (low === high) single.push(low);
    else if (low <= -NUMBER_END && high >= NUMBER_END) parts.push('TRUE');
    else if (high >= NUMBER_END) parts.push(`${column} >= ${low}`);
    else if (low <= -NUMBER_END) parts.push(`${column} <= ${high}`);
    else parts.push(`${column} BETWEEN ${low} AND ${high}`);
  }
  if (single.length > 0) parts.unshift(`${column} IN (${single.join(', ')})`);
  return parts;
}

/** Trino takes `::ffff:10.0.0.1` for IPv4, which meets no IPv4 block here: families are told by the colon. */
function ofAddresses(column: string, v4: Ranges<number>, v6: Ranges<bigint>): string[] {
  const parts: string[] = [];
  const blocks = ipv4Blocks(v4);
  const single = blocks.filter((block) => block.endsWith('/32'));
  if (single.length > 0) {
    parts.push(`${column} IN (${single.map((block) => text(block.slice(0, -3))).join(', ')})`);
  }
  const wide = blocks.filter((block) => !block.endsWith('/32'));
  if (wide.length > 0) parts.push(ofFamily(column, '= 0', wide, wide.includes('0.0.0.0/0')));
  const six = ipv6Blocks(v6);
  if (six.length > 0) parts.push(ofFamily(column, '> 0', six, six.includes('::/0')));
  return parts;
}

function ofFamily(column: string, colon: string, blocks: readonly string[], all: boolean): string {
  const family = `strpos(${column}, ':') ${colon}`;
  if (all) return family;
  const inside = blocks.map(
    (block) => `contains(${text(block)}, TRY_CAST(${column} AS ipaddress))`,
  );
  return `(${family} AND (${inside.join(' OR ')}))`;
}
