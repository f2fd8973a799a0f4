import type { Answer } from './gateway/answer.ts';
import type { Call } from './gateway/call.ts';

export interface MetricPoint {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit?: string;
  /** Sum of the point's values. */
  readonly value: number;
}

interface Datum {
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Unit?: string;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: { readonly Sum: number };
}

/** Listens to what is published to CloudWatch. */
export class Metrics {
  readonly points: MetricPoint[] = [];

  readonly after = ({ service, action, input }: Call, { status }: Answer): undefined => {
    if (service !== 'monitoring' || action !== 'PutMetricData' || status >= 300) return;
    for (const datum of (input.MetricData ?? []) as Datum[]) {
      this.points.push({
        namespace: String(input.Namespace),
        name: datum.MetricName,
        dimensions: Object.fromEntries(
          (datum.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]),
        ),
        ...(datum.Unit !== undefined && { unit: datum.Unit }),
        value: sumOf(datum),
      });
    }
  };
}

function sumOf({ Value, Values = [], Counts = [], StatisticValues }: Datum): number {
  if (StatisticValues !== undefined) return StatisticValues.Sum;
  if (Value !== undefined) return Value;
  return Values.reduce((sum, value, index) => sum + value * (Counts[index] ?? 1), 0);
}
