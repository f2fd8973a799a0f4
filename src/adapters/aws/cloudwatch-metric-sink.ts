import {
  type CloudWatchClient,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { NAMESPACE } from '../../alarms/definition.ts';
import type { Log } from '../../ports/log.ts';
import type { MetricPoint, MetricSink } from '../../ports/metric-sink.ts';
import { metricBatches } from './metric-batches.ts';

/** CloudWatch refuses a whole request for one value beyond these. */
const LARGEST_VALUE = 2 ** 360;

export interface CloudWatchMetricSinkOptions {
  readonly client: CloudWatchClient;
  /** Unix ms. */
  readonly now: () => number;
  readonly log: Log;
}

/** Publishes points by PutMetricData, all at the present time. */
export class CloudWatchMetricSink implements MetricSink {
  readonly #client: CloudWatchClient;
  readonly #now: () => number;
  readonly #log: Log;

  constructor({ client, now, log }: CloudWatchMetricSinkOptions) {
    this.#client = client;
    this.#now = now;
    this.#log = log;
  }

  /**
   * Points that CloudWatch would refuse are dropped and logged. A batch that fails does not keep
   * the others back.
   * @throws Error when a batch was not taken. The others were: do not publish the same points
   *   again, PutMetricData would count them twice
   */
  async publish(points: readonly MetricPoint[]): Promise<void> {
    const at = new Date(this.#now());
    const data = points.filter((point) => this.#isFit(point)).map((point) => datumOf(point, at));
    const errors: Error[] = [];
    let lost = 0;
    for (const batch of metricBatches(data)) {
      try {
        await this.#client.send(
          new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData: [...batch] }),
        );
      } catch (error) {
        errors.push(error as Error);
        lost += batch.length;
      }
    }
    if (errors.length === 0) return;
    const [first] = errors;
    throw new Error(
      `${lost} of ${data.length} metric points were not published: ${first?.name}: ${first?.message}`,
      { cause: first },
    );
  }

  #isFit({ name, dimensions, value }: MetricPoint): boolean {
    if (Number.isFinite(value) && Math.abs(value) <= LARGEST_VALUE) return true;
    this.#log('warn', 'metric.dropped', { metric: name, dimensions, value: String(value) });
    return false;
  }
}

function datumOf({ name, dimensions, unit, value }: MetricPoint, at: Date): MetricDatum {
  return {
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Unit: unit,
    Value: value,
    Timestamp: at,
  };
}
