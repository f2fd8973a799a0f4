/** A point of a CloudWatch metric, summed over the minute before it is published. */
export interface MetricPoint {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: 'Count' | 'Seconds' | 'Bytes' | 'None';
  readonly value: number;
}

export interface MetricSink {
  /** Publishes the points at the present minute; batching and retries are the sink's. */
  publish(points: readonly MetricPoint[]): Promise<void>;
}
