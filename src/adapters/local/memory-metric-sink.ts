import type { MetricPoint, MetricSink } from '../../ports/metric-sink.ts';

/** Keeps what was published; like CloudWatch, it takes no value that is not a finite number. */
export class MemoryMetricSink implements MetricSink {
  readonly points: MetricPoint[] = [];

  async publish(points: readonly MetricPoint[]): Promise<void> {
    for (const point of points) if (Number.isFinite(point.value)) this.points.push(point);
  }
}
