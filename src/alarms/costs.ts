/** What CloudWatch asks for a rule's metrics and its alarm. */
import { PRICES } from '../prices.ts';
import type { CompiledRule } from '../rules/compiled.ts';

/** A month, as CloudWatch prorates it. */
const HOURS = 730;

/** US dollars. */
export interface RuleMetricCosts {
  /** Names under the rule's own dimensions; each is billed by the hour in which it gets data. */
  readonly metrics: readonly string[];
  /** One metric, for an hour with data. */
  readonly metricHour: number;
  /** The alarm; absent where the rule has none. */
  readonly alarmMonth?: number;
  /** Metrics with data in every hour, and the alarm. */
  readonly mostMonth: number;
}

/** @param metrics of the settings: `full` publishes `Matches` for every rule */
export function ruleMetricCosts(
  { metric, alarm }: CompiledRule,
  metrics: 'sparse' | 'full',
): RuleMetricCosts {
  const matches = metric !== undefined || alarm !== false || metrics === 'full';
  const names = ['Alerts', ...(matches ? ['Matches'] : []), ...(metric ? [metric.name] : [])];
  const band = alarm !== false && 'band' in alarm;
  const alarmMonth = alarm && (band ? PRICES.bandAlarmMonth : PRICES.alarmMonth);
  return {
    metrics: names,
    metricHour: PRICES.metricMonth / HOURS,
    ...(alarmMonth && { alarmMonth }),
    mostMonth: names.length * PRICES.metricMonth + (alarmMonth || 0),
  };
}
