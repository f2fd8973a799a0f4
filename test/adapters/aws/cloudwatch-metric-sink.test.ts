import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/adapters/aws/clients.ts';
import { CloudWatchMetricSink } from '../../../src/adapters/aws/cloudwatch-metric-sink.ts';
import type { MetricPoint } from '../../../src/ports/metric-sink.ts';
import { runContract } from '../../contracts/metric-sink.ts';
import { type FaultProxy, inTurn, startFaultProxy } from '../../moto/fault-proxy.ts';
import { ENDPOINT } from './emulator.ts';

const client = new CloudWatchClient(clientConfig());
afterAll(() => client.destroy());

const MINUTE = 60_000;
/** Each test has a minute of its own: the emulator and its namespace are shared. */
let minute = Math.floor(Date.now() / MINUTE) * MINUTE - 120 * MINUTE;
const nextMinute = () => (minute += MINUTE);

runContract({
  name: 'CloudWatchMetricSink',
  async make() {
    const at = nextMinute();
    const sink = new CloudWatchMetricSink({ client, now: () => at + 30_000, log: () => {} });
    return { sink, sum: (name, dimensions) => sumAt(at, name, dimensions) };
  },
});

async function sumAt(
  at: number,
  name: string,
  dimensions: MetricPoint['dimensions'],
): Promise<number | undefined> {
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'FlowlogAlerts',
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(at),
      EndTime: new Date(at + MINUTE),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints[0]?.Sum;
}

function point(name: string, value: number): MetricPoint {
  return { name, value, unit: 'Count', dimensions: { Stage: 'prod' } };
}

test('a dropped value is logged with its metric', async () => {
  const logged: unknown[] = [];
  const sink = new CloudWatchMetricSink({
    client,
    now: nextMinute,
    log: (level, event, fields) => logged.push([level, event, fields]),
  });
  await sink.publish([point('LagSeconds', Number.NaN), point('Records', 2 ** 361)]);
  const dimensions = { Stage: 'prod' };
  expect(logged).toEqual([
    ['warn', 'metric.dropped', { metric: 'LagSeconds', dimensions, value: 'NaN' }],
    ['warn', 'metric.dropped', { metric: 'Records', dimensions, value: String(2 ** 361) }],
  ]);
});

describe('CloudWatchMetricSink on a bad connection', () => {
  let proxy: FaultProxy;
  let faulty: CloudWatchClient;

  beforeAll(async () => {
    proxy = await startFaultProxy(ENDPOINT);
    faulty = new CloudWatchClient({ ...clientConfig(), endpoint: proxy.endpoint });
  });
  afterEach(() => proxy.clear());
  afterAll(async () => {
    faulty.destroy();
    await proxy.stop();
  });

  const sinkAt = (at: number) =>
    new CloudWatchMetricSink({ client: faulty, now: () => at, log: () => {} });

  test.each(['fail-before', 'throttle', 'unavailable'] as const)(
    'points that meet %s are sent again and count once',
    async (fate) => {
      const at = nextMinute();
      proxy.onCall(inTurn(() => true, fate));
      await sinkAt(at).publish([point('Batches', 3)]);
      expect(proxy.calls()).toEqual(
        Array(2).fill({ service: 'cloudwatch', operation: 'PutMetricData' }),
      );
      expect(await sumAt(at, 'Batches', { Stage: 'prod' })).toBe(3);
    },
  );

  test('a batch that is refused does not keep the others back, and the error counts it', async () => {
    const at = nextMinute();
    proxy.onCall(inTurn(() => true, 'pass', 'deny'));
    const points = Array.from({ length: 2_100 }, () => point('Batches', 1));
    await expect(sinkAt(at).publish(points)).rejects.toThrow(
      '1000 of 2100 metric points were not published: AccessDenied',
    );
    expect(await sumAt(at, 'Batches', { Stage: 'prod' })).toBe(1_100);
  });
});
