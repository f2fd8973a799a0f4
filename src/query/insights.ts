/** A rule as a Logs Insights query over a log group of flow logs. */
import type { Snapshot } from '../config/snapshot.ts';
import { FIVE_TUPLE } from '../detect/index.ts';
import { FLOW_FIELDS } from '../records/fields.ts';
import { type Layout, parseLayout } from '../records/layout.ts';
import type { CompiledRule, Match } from '../rules/compiled.ts';
import { matchesOf } from '../rules/match.ts';
import { effectiveWindow } from '../rules/windows.ts';
import { both, either, isAlways } from './constants.ts';
import { binOf } from './insights-bin.ts';
import { type InsightsContext, insightsFilter } from './insights-filter.ts';
import { InsightsMarks } from './insights-marks.ts';
import { insightsNotes } from './insights-notes.ts';
import { insightsField, parseCommand } from './insights-text.ts';
import { loggedSide } from './logged-side.ts';
import { refuseNever } from './missing.ts';
import { conditionsBeside, matchOver } from './over-format.ts';
import { QueryError } from './query-error.ts';

/** What StartQuery takes. */
const MOST_CHARACTERS = 10_000;
const LIMIT = 10_000;

export interface InsightsOptions {
  /** Unix seconds; the span is the query's own, and is only noted where neither is given. */
  readonly from?: number;
  readonly to?: number;
}

type Config = Pick<Snapshot, 'lists' | 'filters'>;

/**
 * The query that shows a rule's evidence: its records by group and window where a query can count
 * them, else the records that match, with a note of what the query leaves open.
 * @param format LogFormat of the group
 * @param options span of the records' own time, beside the one that the query is started with
 * @throws QueryError where the rule cannot be said, or takes more characters than Insights
 * @throws LayoutError on a format that is none
 */
export function insightsQueryOf(
  rule: CompiledRule,
  format: string,
  config: Config,
  options: InsightsOptions = {},
): string {
  const layout = parseLayout(format);
  if (rule.detect.kind === 'visibility') {
    throw new QueryError(
      `the rule ${rule.id} watches the sources themselves, not records: ask for log_status = "SKIPDATA"`,
    );
  }
  const asked = matchOver(evidenceOf(rule, config, options), layout, config);
  refuseNever(rule, asked, layout);
  const context = { lists: config.lists, marks: new InsightsMarks() };
  const filter = isAlways(asked) ? [] : [`filter ${insightsFilter(asked, context)}`];
  const counted = counting(rule, layout, context);
  const head = [`${rule.id}: ${rule.title}`, ...insightsNotes(rule)].map(
    (line) => `# ${line.replace(/\s+/g, ' ')}\n`,
  );
  const query = [
    `${head.join('')}fields @timestamp, @message`,
    parseCommand(layout),
    `filter ${lineGuard(layout)}`,
    ...context.marks.commands(),
    ...filter,
    ...counted,
    `limit ${LIMIT}`,
  ].join('\n| ');
  if (query.length <= MOST_CHARACTERS) return query;
  throw new QueryError(
    `the query for the rule ${rule.id} takes ${query.length} characters, and Logs Insights ${MOST_CHARACTERS}: ${longestPart(rule, config)}; --athena has room for it`,
  );
}

/** Records that the rule counts; for a sequence those of any of its steps. */
function evidenceOf(rule: CompiledRule, config: Config, { from, to }: InsightsOptions): Match {
  const asked = [rule.match, ...conditionsBeside(rule, config)];
  if (rule.detect.kind === 'sequence') {
    const steps = rule.detect.steps.flatMap((step) => ('rule' in step ? [] : [step.match]));
    if (steps.length > 0 && steps.length === rule.detect.steps.length) asked.push(either(...steps));
  }
  if (from !== undefined || to !== undefined) {
    const numbers = [[from ?? 0, (to ?? Number.MAX_SAFE_INTEGER) - 1]] as const;
    asked.push({ field: 'start', test: { in: { numbers } }, path: 'start' });
  }
  return both(...asked);
}

/** Lines of the format that carry a flow: not another format's, no NODATA or SKIPDATA. */
function lineGuard({ fields }: Layout): string {
  const last = insightsField(fields[fields.length - 1].name);
  // `parse` puts what is left of a longer line into the last field.
  const fits = `${last} not like / /`;
  if (fields.some(({ name }) => name === 'log-status')) {
    return last === 'log_status' ? 'log_status = "OK"' : `log_status = "OK" and ${fits}`;
  }
  const flow = fields.filter(({ name }) => FLOW_FIELDS.includes(name));
  if (flow.length === 0) return fits;
  return `${fits} and (${flow.map(({ name }) => `${insightsField(name)} != "-"`).join(' or ')})`;
}

/** The commands that count, by window and group. */
function counting(rule: CompiledRule, layout: Layout, context: InsightsContext): string[] {
  const { lists } = context;
  const { detect, window } = rule;
  const name = (field: string) => insightsValue(loggedSide(field, rule, lists));
  const records = ['sort @timestamp'];
  if (window === undefined) return records;
  const by = [
    `bin(${binOf(effectiveWindow(window)).unit})`,
    ...rule.by.map(({ field }) => name(field)),
  ];
  const grouped = (...values: string[]) => `stats ${values.join(', ')} by ${by.join(', ')}`;
  const distinct = (fields: readonly string[]) =>
    `count_distinct(${tupleOf(fields.map(name))}) as value`;
  const exceeding = (value: string, above: number) => [
    grouped(value),
    `filter value > ${above}`,
    'sort value desc',
  ];
  switch (detect.kind) {
    case 'count':
      return exceeding(detect.of ? distinct(FIVE_TUPLE) : 'count(*) as value', detect.above);
    case 'sum':
      return exceeding(`sum(${name(detect.field)}) as value`, detect.above);
    case 'distinct':
      return exceeding(distinct(detect.fields), detect.above);
    case 'ratio': {
      const of = insightsFilter(matchOver(detect.of, layout, context), context);
      return [
        `fields (${of}) as hit`,
        grouped('count(*) as records', 'sum(hit) as hits'),
        `filter records >= ${detect.min} and hits > ${detect.above} * records`,
        'sort hits desc',
      ];
    }
    case 'spike': {
      const value = detect.field ? `sum(${name(detect.field)})` : 'count(*)';
      return [grouped(`${value} as value`), 'sort value desc'];
    }
    default:
      return records;
  }
}

function insightsValue(field: string): string {
  return field === 'duration' ? 'end_time - start_time' : insightsField(field);
}

function tupleOf(names: readonly string[]): string {
  return names.length === 1 ? names[0] : `concat(${names.join(', " ", ')})`;
}

/** What to blame: the longest list, else the condition itself. */
function longestPart(rule: CompiledRule, config: Config): string {
  const names = new Set<string>();
  const texts = JSON.stringify([matchesOf(rule), conditionsBeside(rule, config)]);
  for (const name of Object.keys(config.lists)) if (texts.includes(`"${name}"`)) names.add(name);
  const sized = [...names].map((name) => {
    const { numbers, cidrs, strings } = config.lists[name];
    return { name, size: numbers.length + cidrs.length + strings.length };
  });
  const [longest] = sized.sort((a, b) => b.size - a.size);
  return longest && longest.size > 20
    ? `the list $${longest.name} has ${longest.size} values`
    : 'its conditions have too many values';
}
