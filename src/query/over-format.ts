/** What a rule asks of the records of one format, over logged fields alone. */
import type { Snapshot } from '../config/snapshot.ts';
import { setOf } from '../map/4-match/field-set.ts';
import { requiredFields } from '../map/4-match/fields.ts';
import { fieldFor } from '../records/batch.ts';
import type { Layout } from '../records/layout.ts';
import type { CompiledFilter, CompiledRule, Match } from '../rules/compiled.ts';
import { ALWAYS, both, either, NEVER, tested, within } from './constants.ts';
import { type Has, overLogged } from './derived.ts';
import { simplify } from './simplify.ts';

type Config = Pick<Snapshot, 'lists' | 'filters'>;

/** Whether a format has a field; `duration` is what `start` and `end` make. */
export function fieldsOf(layout: Layout): Has {
  const names = new Set(layout.fields.map(({ name }) => name));
  return (field) => {
    if (field === 'duration') return names.has('start') && names.has('end');
    return names.has(field);
  };
}

/**
 * A match over the fields of a format, and `duration` where it can be computed: derived fields are said by
 * logged ones, and a field that the format lacks is absent. Always simplified.
 */
export function matchOver(match: Match, layout: Layout, { lists }: Pick<Config, 'lists'>): Match {
  return simplify(translated(match, fieldsOf(layout), lists), lists);
}

function translated(match: Match, has: Has, lists: Config['lists']): Match {
  if ('not' in match) return { not: translated(match.not, has, lists) };
  if ('all' in match) return { all: match.all.map((part) => translated(part, has, lists)) };
  if ('any' in match) return { any: match.any.map((part) => translated(part, has, lists)) };
  const logged = overLogged(match, has, lists);
  if (logged) return translated(logged, has, lists);
  if (has(match.field)) return match;
  return setOf(match.test, fieldFor(match.field).type, lists).absent ? ALWAYS : NEVER;
}

/** Records that a rule counts: they meet its match, no filter, and have the fields it groups by. */
export function countedBy(rule: CompiledRule, layout: Layout, config: Config): Match {
  return matchOver(both(rule.match, ...conditionsBeside(rule, config)), layout, config);
}

/** What a rule asks beside its match: no filter hides the record, and nothing it needs is absent. */
export function conditionsBeside(
  rule: CompiledRule,
  { filters }: Pick<Config, 'filters'>,
): Match[] {
  const present = requiredFields(rule).map((field) => tested(field, { exists: true }));
  const hiding = filters.filter(({ rules }) => rules.includes(rule.id));
  return [...present, ...hiding.map((filter): Match => ({ not: hiddenBy(filter) }))];
}

/** A filter that ends compares with what places a record in time: its start, else its end. */
function hiddenBy({ match, until }: CompiledFilter): Match {
  if (until === undefined) return match;
  const before = { numbers: [[-Number.MAX_SAFE_INTEGER, until - 1]] as const };
  return both(
    match,
    either(
      within('start', before),
      both(tested('start', { exists: false }), within('end', before)),
    ),
  );
}
