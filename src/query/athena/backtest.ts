/** A rule over stored logs: what it would have alerted, by one query. */
import type { Alert } from '../../alerts/alert.ts';
import { bareAlert } from '../../alerts/bare-alert.ts';
import { iso } from '../../alerts/iso-time.ts';
import { measureOfRule } from '../../alerts/measure.ts';
import { renderMessage } from '../../alerts/message.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { QueryEngine, QueryRows } from '../../ports/query-engine.ts';
import { ruleOf } from '../../reduce/2-decide/alert-parts.ts';
import type { CompiledRule } from '../../rules/compiled.ts';
import { effectiveWindow } from '../../rules/windows.ts';
import { type AthenaQuery, athenaQueryOf } from './athena.ts';
import { alertsOfFirings, type FiringRow, type FoundAlert } from './firings.ts';
import { leadOf } from './lead.ts';
import type { TableOptions } from './source.ts';

export interface BacktestOptions extends TableOptions {
  /** Fields of the table, as a LogFormat or a header. */
  readonly format: string;
}

/** A backtest that is ready to run. */
export interface Backtest {
  readonly query: AthenaQuery;
  /** Seconds before the span that the query reads as well, to know what is usual or new. */
  readonly lead: number;
}

/** @throws QueryError on a rule that SQL cannot decide as the engine does */
export function planBacktest(
  rule: CompiledRule,
  snapshot: Snapshot,
  { format, from, ...table }: BacktestOptions,
): Backtest {
  const lead = from === undefined ? 0 : leadOf(rule);
  const query = athenaQueryOf(rule, format, snapshot, {
    ...table,
    ...(from !== undefined && { from: from - lead }),
  });
  return { query, lead };
}

export interface BacktestResult {
  readonly alerts: readonly Alert[];
  /** Windows that fired, of which alerts are made. */
  readonly firings: number;
  readonly scanned: number;
}

/**
 * Runs the query and makes of its firings the alerts that the service would have opened in the span.
 * @param stage in the alerts' JSON
 */
export async function runBacktest(
  { query }: Backtest,
  rule: CompiledRule,
  snapshot: Snapshot,
  {
    engine,
    from,
    stage,
    stop,
  }: {
    readonly engine: QueryEngine;
    readonly from?: number;
    readonly stage: string;
    readonly stop: AbortSignal;
  },
): Promise<BacktestResult> {
  const answer = await engine.run(query.sql, stop);
  const firings = firingsOf(answer, Math.max(1, rule.by.length));
  const { settle } = snapshot.settings;
  const found = alertsOfFirings(rule, firings, { slot: query.slot, settle });
  const alerts = found
    .filter(({ slot }) => from === undefined || slot >= from)
    .map((one) => alertOf(rule, one, query.slot, stage));
  return { alerts, firings: firings.length, scanned: answer.scanned };
}

function firingsOf({ columns, rows }: QueryRows, keys: number): FiringRow[] {
  const [slot, value] = ['slot', 'value'].map((name) => columns.indexOf(name));
  return rows.map((row) => ({
    keys: row.slice(0, keys).map((key) => key ?? '-'),
    slot: Number(row[slot]),
    value: Number(row[value]),
  }));
}

/** The alert as a replay prints it; what a query does not return is left at nothing. */
function alertOf(rule: CompiledRule, found: FoundAlert, slot: number, stage: string): Alert {
  const { id, group, slot: first, last, value } = found;
  const end = first + slot;
  const window = rule.window === undefined ? slot : effectiveWindow(rule.window);
  const threshold = thresholdOf(rule);
  const measure = measureOfRule(rule);
  return bareAlert({
    type: 'alert',
    stage,
    id,
    rule: ruleOf(rule),
    group,
    window: { start: iso(end - window), end: iso(end) },
    lastSeen: iso(last + slot),
    value,
    threshold,
    measure,
    message: renderMessage({ rule, group, value, threshold }),
    evidence: {
      records: measure === 'records' ? value : 0,
      bytes: 0,
      packets: 0,
      samples: [],
      top: {},
    },
    to: rule.to,
  });
}

function thresholdOf({ detect }: CompiledRule): number {
  if (detect.kind === 'spike') return detect.min;
  if (detect.kind === 'sequence') return detect.steps.length - 1;
  return 'above' in detect ? detect.above : 0;
}
