/** The first steps of every query: the table's records as the engine reads them, and those a rule counts. */
import type { Snapshot } from '../../config/snapshot.ts';
import { FLOW_FIELDS } from '../../records/fields.ts';
import type { Layout } from '../../records/layout.ts';
import type { CompiledRule, Match } from '../../rules/compiled.ts';
import { isAlways } from '../constants.ts';
import { fieldsOf, matchOver } from '../over-format.ts';
import { sqlCondition } from './sql-condition.ts';
import { columnOf, isNumeric, tableColumn } from './sql-text.ts';
import { sqlValue } from './sql-value.ts';

export interface TableOptions {
  /** Name of the table, as Athena takes it: `vpc_flow_logs` or `db.table`. */
  readonly table: string;
  /** A condition on partition columns, put in as it is: without one the whole table is read. */
  readonly where?: string;
  /** Unix seconds, by the records' own time; `to` is the first second behind. */
  readonly from?: number;
  readonly to?: number;
}

export type Config = Pick<Snapshot, 'lists' | 'filters'>;

/** A named step of a query. */
export interface Step {
  readonly name: string;
  readonly sql: string;
}

const SECONDS_END = 100_000_000_000;

/** Every record, absent values as NULL, with the second `t` that places it in time. */
export function flowsStep(layout: Layout, { table, where, from, to }: TableOptions): Step {
  const has = fieldsOf(layout);
  const columns = layout.fields.map(({ name, type }) => {
    const column = tableColumn(name);
    if (type === 'time') return `${seconds(column)} AS ${columnOf(name)}`;
    if (isNumeric(name)) return column;
    return `NULLIF(${column}, '-') AS ${columnOf(name)}`;
  });
  const times = ['start', 'end'].filter(has).map((name) => seconds(tableColumn(name)));
  const time = times.length === 2 ? `coalesce(${times.join(', ')})` : times[0];
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    `${time} IS NOT NULL`,
    ...(from === undefined ? [] : [`${time} >= ${from}`]),
    ...(to === undefined ? [] : [`${time} < ${to}`]),
    isFlow(layout),
  ];
  return {
    name: 'flows',
    sql: `SELECT ${[...columns, `${time} AS t`].join(', ')}\n  FROM ${table}\n  WHERE ${conditions.join('\n    AND ')}`,
  };
}

/** AWS has sent milliseconds. */
function seconds(column: string): string {
  return `CASE WHEN ${column} > ${SECONDS_END} THEN CAST((${column} - ${column} % 1000) / 1000 AS bigint) ELSE ${column} END`;
}

function isFlow(layout: Layout): string {
  const has = fieldsOf(layout);
  const there = FLOW_FIELDS.filter(has).map((name) => {
    const column = tableColumn(name);
    return isNumeric(name) ? `${column} IS NOT NULL` : `NULLIF(${column}, '-') IS NOT NULL`;
  });
  const something = there.length === 0 ? 'TRUE' : `(${there.join(' OR ')})`;
  if (!has('log-status')) return something;
  return `(log_status = 'OK' OR ((log_status IS NULL OR log_status = '-') AND ${something}))`;
}

/** Records that meet `match`, by group as `k1`, `k2`, ... and slot. */
export interface Counted {
  readonly step: Step;
  /** Names of the group's columns; at least one, so that every rule reads alike. */
  readonly keys: readonly string[];
}

/**
 * @param slot seconds
 * @param more further columns, by name
 */
export function countedStep(
  rule: CompiledRule,
  match: Match,
  slot: number,
  layout: Layout,
  config: Config,
  more: Readonly<Record<string, string>> = {},
): Counted {
  const groups = rule.by.map(
    ({ field }) => `coalesce(CAST(${sqlValue(field, layout, config)} AS varchar), '-')`,
  );
  // Without a group all records are one.
  const values = groups.length > 0 ? groups : ["'-'"];
  const keys = values.map((_, i) => `k${i + 1}`);
  const columns = [
    ...values.map((value, i) => `${value} AS ${keys[i]}`),
    't',
    `t - t % ${slot} AS slot`,
    ...Object.entries(more).map(([name, value]) => `${value} AS ${name}`),
  ];
  const condition = isAlways(match) ? '' : `\n  WHERE ${sqlCondition(match, config.lists)}`;
  return {
    keys,
    step: { name: 'counted', sql: `SELECT ${columns.join(', ')}\n  FROM flows${condition}` },
  };
}

/** The same values as one text, for counting different ones; NULL where one is absent. */
export function memberOf(fields: readonly string[], layout: Layout, config: Config): string {
  return fields
    .map((field) => `CAST(${sqlValue(field, layout, config)} AS varchar)`)
    .join(" || ' ' || ");
}

/** 1 where a record also meets a condition, else 0. */
export function flagOf(match: Match, layout: Layout, config: Config): string {
  const over = matchOver(match, layout, config);
  return `CASE WHEN ${sqlCondition(over, config.lists)} THEN 1 ELSE 0 END`;
}
