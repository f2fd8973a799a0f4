/** Why a record met a rule or did not: the clauses that failed, and what each found. */
import type { Snapshot } from '../../config/snapshot.ts';
import { carriedBy } from '../../detect/index.ts';
import type { RecordBatch } from '../../records/batch.ts';
import type { CompiledList, CompiledRule, Leaf, Match } from '../../rules/compiled.ts';
import { testWords } from '../../rules/match-words.ts';
import type { Batch } from '../1-decode/lines.ts';
import { newCounts, Parser } from '../2-parse/parse.ts';
import { Enricher } from '../3-enrich/enrich.ts';
import { isAbsent } from '../5-digest/cells.ts';
import { leafPredicate, predicateOf } from './evaluate.ts';
import { requiredFields } from './fields.ts';
import { ANSWER, type Asked, askedBy } from './matchers.ts';
import { compileRuleSet } from './rule-set.ts';

export interface FailedClause {
  /** Where the condition stands in the rule's document. */
  readonly path: string;
  readonly field: string;
  /** What the record has; undefined where the field is absent. */
  readonly found: string | undefined;
  readonly wanted: string;
}

export interface RuleExplanation {
  readonly rule: CompiledRule;
  readonly matched: boolean;
  /** The filter that hides the record from the rule. */
  readonly filteredBy?: string;
  readonly failed?: readonly FailedClause[];
  /** Fields that the record lacks, of `by` or of the detection: it matches but is not counted. */
  readonly groupMissing?: readonly string[];
  /** The record is a reply where only what begins a connection counts. */
  readonly reply?: true;
  /** Steps of a sequence that the record meets, from 1. */
  readonly steps?: readonly number[];
}

type Lists = Readonly<Record<string, CompiledList>>;

/** Explains the batch's first record against every rule of the snapshot. */
export function explainRecord(snapshot: Snapshot, input: Batch): RuleExplanation[] {
  const batch = new Parser().parse(input, 0, Math.min(1, input.lines.count), newCounts());
  if (batch.count === 0) return [];
  const { needed } = compileRuleSet(snapshot);
  new Enricher(snapshot.lists.internal?.cidrs ?? [], needed).enrich(batch);
  return snapshot.rules.map((rule) => explainRule(snapshot, rule, batch));
}

function explainRule(snapshot: Snapshot, rule: CompiledRule, batch: RecordBatch): RuleExplanation {
  const { lists } = snapshot;
  const asked = askedBy([rule]).filter(({ role }) => role !== ANSWER);
  const met = asked.filter(({ match }) => predicateOf(match, lists)(batch, 0));
  if (met.length === 0) return { rule, matched: false, failed: blamed(rule, asked, batch, lists) };
  const filter = snapshot.filters.find(
    ({ rules, match, until = Infinity }) =>
      rules.includes(rule.id) && batch.times[0] < until && predicateOf(match, lists)(batch, 0),
  );
  if (filter) return { rule, matched: false, filteredBy: filter.id };
  const groupMissing = requiredFields(rule).filter((field) => isAbsent(batch.column(field), 0));
  if (groupMissing.length > 0) return { rule, matched: true, groupMissing };
  const { what } = carriedBy(rule.detect);
  if (what === 'connections' && batch.value('leg', 0) === 'reply') {
    return { rule, matched: true, reply: true };
  }
  if (what !== 'steps') return { rule, matched: true };
  return { rule, matched: true, steps: met.map(({ role }) => role + 1) };
}

/** What the rule asks of every record is blamed before what its steps ask. */
function blamed(
  rule: CompiledRule,
  asked: readonly Asked[],
  batch: RecordBatch,
  lists: Lists,
): FailedClause[] {
  const own = failures(rule.match, false, batch, lists);
  if (own.length > 0) return own;
  return asked.flatMap(({ match }) => failures(match, false, batch, lists));
}

/** Leaves to blame for `match` (or, negated, its opposite) not holding; none where it holds. */
function failures(
  match: Match,
  negated: boolean,
  batch: RecordBatch,
  lists: Lists,
): FailedClause[] {
  if (predicateOf(match, lists)(batch, 0) !== negated) return [];
  if ('not' in match) return failures(match.not, !negated, batch, lists);
  if ('field' in match) return [clause(match, negated, batch, lists)];
  const parts = 'all' in match ? match.all : match.any;
  return parts.flatMap((part) => failures(part, negated, batch, lists));
}

function clause(leaf: Leaf, negated: boolean, batch: RecordBatch, lists: Lists): FailedClause {
  const value = batch.value(leaf.field, 0);
  const holds = leafPredicate(leaf, lists)(batch, 0);
  const wanted = testWords(leaf.test);
  return {
    path: leaf.path,
    field: leaf.field,
    found: value === undefined ? undefined : String(value),
    wanted: negated && holds ? `anything but ${wanted}` : wanted,
  };
}
