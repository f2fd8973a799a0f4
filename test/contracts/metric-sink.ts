import { describe, expect, test } from '@jest/globals';
import type { MetricPoint, MetricSink } from '../../src/ports/metric-sink.ts';

export interface MetricSinkContract {
  readonly name: string;
  /** A sink, and what its metrics add up to; undefined for a metric without points. */
  make(): Promise<{
    readonly sink: MetricSink;
    sum(name: string, dimensions: MetricPoint['dimensions']): Promise<number | undefined>;
  }>;
}

/** What every metric sink must do; run it on each implementation. */
export function runContract({ name, make }: MetricSinkContract): void {
  describe(`${name} keeps the contract of a metric sink`, () => {
    test('points of one metric add up, and dimensions keep metrics apart', async () => {
      const { sink, sum } = await make();
      await sink.publish([
        point('Alerts', 2, { Stage: 'prod', Rule: 'a' }),
        point('Alerts', 3, { Stage: 'prod', Rule: 'a' }),
        point('Alerts', 7, { Stage: 'prod', Rule: 'b' }),
        point('Alerts', 12, { Stage: 'dev', Rule: 'a' }),
      ]);
      expect(await sum('Alerts', { Stage: 'prod', Rule: 'a' })).toBe(5);
      expect(await sum('Alerts', { Stage: 'prod', Rule: 'b' })).toBe(7);
      expect(await sum('Alerts', { Stage: 'dev', Rule: 'a' })).toBe(12);
    });

    test('no points are no trouble', async () => {
      const { sink, sum } = await make();
      await sink.publish([]);
      expect(await sum('Records', { Stage: 'prod' })).toBeUndefined();
    });

    test('a value that is no finite number is dropped and the points beside it arrive', async () => {
      const { sink, sum } = await make();
      await sink.publish([
        point('LagSeconds', Number.NaN),
        point('LagSeconds', Number.POSITIVE_INFINITY),
        point('LagSeconds', Number.NEGATIVE_INFINITY),
        point('Records', 0.5),
      ]);
      expect(await sum('LagSeconds', { Stage: 'prod' })).toBeUndefined();
      expect(await sum('Records', { Stage: 'prod' })).toBe(0.5);
    });

    test('more points than a request takes all arrive', async () => {
      const { sink, sum } = await make();
      await sink.publish(Array.from({ length: 2_501 }, () => point('Batches', 1)));
      expect(await sum('Batches', { Stage: 'prod' })).toBe(2_501);
    });
  });
}

function point(
  name: string,
  value: number,
  dimensions: MetricPoint['dimensions'] = { Stage: 'prod' },
): MetricPoint {
  return { name, value, dimensions, unit: 'Count' };
}
