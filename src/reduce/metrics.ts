/** Metric points gathered between ticks: summed, or the greatest kept. */
import type { MetricPoint } from '../ports/metric-sink.ts';
import type { ShardState } from './state.ts';

type Dimensions = Readonly<Record<string, string>>;

function keyOf(name: string, dimensions: Dimensions): string {
  return JSON.stringify([name, dimensions]);
}

/** Adds to a point; nothing is published for zero, since a metric is billed by the hour it gets data. */
export function addMetric(
  state: ShardState,
  name: string,
  dimensions: Dimensions,
  value: number,
  unit: MetricPoint['unit'] = 'Count',
): void {
  if (value === 0) return;
  const key = keyOf(name, dimensions);
  const known = state.metrics.get(key);
  state.metrics.set(key, { name, dimensions, unit, value: (known?.value ?? 0) + value });
}

/** Keeps the greatest value of the minute. */
function peakMetric(
  state: ShardState,
  name: string,
  dimensions: Dimensions,
  value: number,
  unit: MetricPoint['unit'],
): void {
  const key = keyOf(name, dimensions);
  const known = state.metrics.get(key);
  if (known && known.value >= value) return;
  state.metrics.set(key, { name, dimensions, unit, value });
}

/** The service's and the rules' metrics of one stage. */
export class StageMetrics {
  readonly #state: ShardState;
  readonly #stage: string;

  constructor(state: ShardState, stage: string) {
    this.#state = state;
    this.#stage = stage;
  }

  count(name: string, value: number): void {
    addMetric(this.#state, name, { Stage: this.#stage }, value);
  }

  lag(seconds: number): void {
    peakMetric(this.#state, 'LagSeconds', { Stage: this.#stage }, seconds, 'Seconds');
  }

  countOfRule(rule: string, name: string, value: number): void {
    addMetric(this.#state, name, { Stage: this.#stage, Rule: rule }, value);
  }

  peakOfRule(rule: string, name: string, value: number): void {
    peakMetric(this.#state, name, { Stage: this.#stage, Rule: rule }, value, 'None');
  }
}
