/** A rule as a query of Athena's SQL (Trino) over a table of flow logs. */
import { FIVE_TUPLE } from '../../detect/index.ts';
import { parseLayout } from '../../records/layout.ts';
import type { CompiledRule, Match } from '../../rules/compiled.ts';
import { slotCount, slotSeconds } from '../../rules/windows.ts';
import { both, either } from '../constants.ts';
import { refuseNever } from '../missing.ts';
import { conditionsBeside, matchOver } from '../over-format.ts';
import { QueryError } from '../query-error.ts';
import { firstSeen } from './history.ts';
import { inOrder, stepColumn } from './sequence.ts';
import {
  type Config,
  countedStep,
  flagOf,
  flowsStep,
  memberOf,
  type Step,
  type TableOptions,
} from './source.ts';
import { sqlValue } from './sql-value.ts';
import { distinct, growing, ratio, type Shape, type Steps, spike } from './windows.ts';

/** What StartQueryExecution takes. */
const MOST_BYTES = 262_144;

export interface AthenaQuery {
  readonly sql: string;
  /** Fields of the group, in the order of the columns `k1`, `k2`, ... of a result. */
  readonly by: readonly string[];
  /** Seconds a slot; the column `slot` is the start of the window's last one. */
  readonly slot: number;
}

/**
 * The query whose rows are a rule's firings: group, slot and value, as the engine finds them in the
 * same records.
 * @param format fields of the table, as a LogFormat or a header
 * @throws QueryError on a kind that SQL cannot decide as the engine does
 * @throws LayoutError on a format that is none
 */
export function athenaQueryOf(
  rule: CompiledRule,
  format: string,
  config: Config,
  options: TableOptions,
): AthenaQuery {
  const layout = parseLayout(format);
  const window = rule.window;
  const slot = window === undefined ? 60 : slotSeconds(window);
  const slots = window === undefined ? 1 : slotCount(window);
  const asked = matchOver(
    both(rule.match, ...stepsOf(rule), ...conditionsBeside(rule, config)),
    layout,
    config,
  );
  if (!layout.fields.some(({ name }) => name === 'start' || name === 'end')) {
    throw new QueryError('the table has neither start nor end, so its records have no time');
  }
  refuseNever(rule, asked, layout);
  const value = (field: string) => sqlValue(field, layout, config);
  const counted = (more?: Readonly<Record<string, string>>) =>
    countedStep(rule, asked, slot, layout, config, more);
  const found = kindSteps(rule, {
    counted,
    shape: (keys) => ({ keys, slot, slots }),
    member: (fields) => memberOf(fields, layout, config),
    flag: (match) => flagOf(match, layout, config),
    value,
  });
  const steps = [flowsStep(layout, options), ...found.steps];
  const keys = found.keys.join(', ');
  const sql = [
    `-- ${rule.id}: ${rule.title}`.replace(/\s+/g, ' '),
    `WITH ${steps.map(({ name, sql }) => `${name} AS (\n  ${sql}\n)`).join(',\n')}`,
    `SELECT ${keys}, slot, value\nFROM fired\nORDER BY slot, ${keys}`,
  ].join('\n');
  const bytes = Buffer.byteLength(sql);
  if (bytes > MOST_BYTES) {
    throw new QueryError(
      `the query for the rule ${rule.id} takes ${bytes} bytes, and Athena ${MOST_BYTES}`,
    );
  }
  return { sql, by: rule.by.map(({ field }) => field), slot };
}

interface Builder {
  readonly counted: (more?: Readonly<Record<string, string>>) => {
    readonly step: Step;
    readonly keys: readonly string[];
  };
  readonly shape: (keys: readonly string[]) => Shape;
  readonly member: (fields: readonly string[]) => string;
  readonly flag: (match: Match) => string;
  readonly value: (field: string) => string;
}

interface Built {
  readonly steps: Steps;
  readonly keys: readonly string[];
}

function kindSteps({ id, detect }: CompiledRule, builder: Builder): Built {
  const built = (more: Readonly<Record<string, string>>, steps: (shape: Shape) => Steps): Built => {
    const { step, keys } = builder.counted(more);
    return { keys, steps: [step, ...steps(builder.shape(keys))] };
  };
  const amount = (field: string) => ({ amount_of: builder.value(field) });
  const summed = 'coalesce(sum(amount_of), 0)';
  switch (detect.kind) {
    case 'every':
      return built({}, (shape) => growing(shape, 'count(*)', 0));
    case 'count':
      if (detect.of === undefined)
        return built({}, (shape) => growing(shape, 'count(*)', detect.above));
      return built({ member: builder.member(FIVE_TUPLE) }, (shape) =>
        distinct(shape, detect.above),
      );
    case 'sum':
      return built(amount(detect.field), (shape) => growing(shape, summed, detect.above));
    case 'distinct':
      return built({ member: builder.member(detect.fields) }, (shape) =>
        distinct(shape, detect.above),
      );
    case 'ratio':
      return built({ hit: builder.flag(detect.of) }, (shape) => ratio(shape, detect));
    case 'spike':
      return detect.field === undefined
        ? built({}, (shape) => spike(shape, detect, 'count(*)'))
        : built(amount(detect.field), (shape) => spike(shape, detect, summed));
    case 'new':
      return built({}, (shape) => firstSeen(shape, detect));
    case 'sequence': {
      const own = detect.steps.flatMap((step) => ('rule' in step ? [] : [step]));
      const columns = own.flatMap((step, i): (readonly [string, string])[] => {
        const names = stepColumn(i);
        const flag = [names.own, builder.flag(step.match)] as const;
        return step.distinct ? [flag, [names.member, builder.member(step.distinct)]] : [flag];
      });
      return built(Object.fromEntries(columns), (shape) => inOrder(shape, own));
    }
    default:
      throw new QueryError(`the rule ${id} cannot be a query of Athena: ${WHY_NOT[detect.kind]}`);
  }
}

const WHY_NOT = {
  absent: 'silence of a group is told from the silence of its sources, minute by minute',
  beacon:
    'what is one connection depends on the aggregation interval, which the records alone do not tell',
  unanswered: 'lines of SKIPDATA and what a flow log takes decide whether an answer is missing',
  visibility: 'it watches the sources themselves, not records',
} as const;

/** What a sequence's records meet beside the rule's own match. */
function stepsOf({ id, detect }: CompiledRule): Match[] {
  if (detect.kind !== 'sequence') return [];
  const matches = detect.steps.map((step) => {
    if (!('rule' in step)) return step.match;
    throw new QueryError(
      `the rule ${id} cannot be a query of Athena: its step is the firings of ${step.rule}, which has a query of its own`,
    );
  });
  return [either(...matches)];
}
