/** A field's value as an expression, derived fields computed. */

import { fieldNamed } from '../../records/fields.ts';
import type { Layout } from '../../records/layout.ts';
import type { CompiledList, Match } from '../../rules/compiled.ts';
import { within } from '../constants.ts';
import { fieldsOf, matchOver } from '../over-format.ts';
import { QueryError } from '../query-error.ts';
import { sqlCondition } from './sql-condition.ts';
import { columnOf, text } from './sql-text.ts';

interface Config {
  readonly lists: Readonly<Record<string, CompiledList>>;
}

const SIDES: Readonly<Record<string, readonly [ofRequest: string, ofReply: string]>> = {
  'server-port': ['dstport', 'srcport'],
  'client-addr': ['srcaddr', 'dstaddr'],
  'server-addr': ['dstaddr', 'srcaddr'],
};

/** NULL where the field is absent, also where the format cannot have it. */
export function sqlValue(field: string, layout: Layout, config: Config): string {
  const has = fieldsOf(layout);
  const holds = (match: Match) => sqlCondition(matchOver(match, layout, config), config.lists);
  const is = (name: string) => holds(within(field, { strings: [name] }));
  const derived = fieldNamed(field);
  if (derived?.version !== 0 || field === 'duration') return has(field) ? columnOf(field) : 'NULL';
  const sides = SIDES[field];
  if (sides) {
    // An address has two sides, or none.
    if (field !== 'server-port' && !(has('srcaddr') && has('dstaddr'))) return 'NULL';
    const [request, reply] = ['request', 'reply'].map((leg) =>
      holds(within('leg', { strings: [leg] })),
    );
    const side = (name: string) => (has(name) ? columnOf(name) : 'NULL');
    return `CASE WHEN ${request} THEN ${side(sides[0])} WHEN ${reply} THEN ${side(sides[1])} END`;
  }
  if (field === 'service') {
    throw new QueryError(
      'a query would have to spell out the name of each port to group or count by service: write server-port in its place',
    );
  }
  const cases = (derived.values ?? []).map((name) => `WHEN ${is(name)} THEN ${text(name)}`);
  return `CASE ${cases.join(' ')} END`;
}
