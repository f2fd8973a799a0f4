/** What a rule would need of a format. */
import { requiredFields } from '../map/4-match/fields.ts';
import { fieldNamed } from '../records/fields.ts';
import type { Layout } from '../records/layout.ts';
import type { CompiledRule, Match } from '../rules/compiled.ts';
import { fieldsIn, matchesOf } from '../rules/match.ts';
import { isNever } from './constants.ts';
import { fieldsOf } from './over-format.ts';
import { QueryError } from './query-error.ts';

/** @throws QueryError where no record of the format can meet what the rule asks */
export function refuseNever(rule: CompiledRule, asked: Match, layout: Layout): void {
  if (!isNever(asked)) return;
  const has = fieldsOf(layout);
  const used = new Set([...matchesOf(rule).flatMap(fieldsIn), ...requiredFields(rule)]);
  const missing = [...used].filter((field) => !has(field) && fieldNamed(field)?.version !== 0);
  const why =
    missing.length === 0
      ? 'what it asks and its filters exclude each other'
      : `it lacks ${missing.join(', ')}`;
  throw new QueryError(`no record of the format can meet the rule ${rule.id}: ${why}`);
}
