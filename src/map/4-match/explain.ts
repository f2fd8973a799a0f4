/** Why a record met a rule or did not: the clauses that failed, and what each found. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { RecordBatch } from '../../records/batch.ts';
import type {
  CompiledList,
  CompiledRule,
  Leaf,
  Match,
  Test,
  ValueSet,
} from '../../rules/compiled.ts';
import type { Batch } from '../1-decode/lines.ts';
import { newCounts, Parser } from '../2-parse/parse.ts';
import { Enricher } from '../3-enrich/enrich.ts';
import { isAbsent } from '../5-digest/cells.ts';
import { leafPredicate, predicateOf } from './evaluate.ts';
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
  /** Fields of `by` that the record lacks: it matches but is not counted. */
  readonly groupMissing?: readonly string[];
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
  if (!predicateOf(rule.match, lists)(batch, 0)) {
    return { rule, matched: false, failed: failures(rule.match, false, batch, lists) };
  }
  const filter = snapshot.filters.find(
    ({ rules, match, until = Infinity }) =>
      rules.includes(rule.id) && batch.times[0] < until && predicateOf(match, lists)(batch, 0),
  );
  if (filter) return { rule, matched: false, filteredBy: filter.id };
  const groupMissing = rule.by
    .filter(({ field, optional }) => !optional && isAbsent(batch.column(field), 0))
    .map(({ field }) => field);
  return groupMissing.length > 0 ? { rule, matched: true, groupMissing } : { rule, matched: true };
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
  const wanted = describe(leaf.test);
  return {
    path: leaf.path,
    field: leaf.field,
    found: value === undefined ? undefined : String(value),
    wanted: negated && holds ? `anything but ${wanted}` : wanted,
  };
}

function describe(test: Test): string {
  if ('exists' in test) return test.exists ? 'the field to be there' : 'the field to be absent';
  return 'in' in test ? describeValues(test.in) : `not ${describeValues(test.notIn)}`;
}

function describeValues(values: ValueSet): string {
  const parts = [
    ...(values.numbers ?? []).map(describeRange),
    ...(values.cidrs ?? []).map((cidr) => cidr.replace(/\/(32|128)$/, '')),
    ...(values.strings ?? []),
    ...(values.prefixes ?? []).map((prefix) => `${prefix}...`),
    ...(values.lists ?? []).map((name) => `$${name}`),
  ];
  const shown = parts.slice(0, 12);
  if (shown.length < parts.length) shown.push(`${parts.length - shown.length} more`);
  return shown.join(' or ');
}

function describeRange([least, most]: readonly [number, number]): string {
  if (least === most) return String(least);
  if (most === Number.MAX_SAFE_INTEGER) return `at least ${least}`;
  return least === Number.MIN_SAFE_INTEGER || least === -Number.MAX_SAFE_INTEGER
    ? `at most ${most}`
    : `${least}-${most}`;
}
