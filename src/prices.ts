/**
 * List prices of AWS in us-east-1, US dollars, without any free tier: check before you rely on
 * them. The one table that estimates are made from.
 */
export const PRICES = {
  /** A record that CloudWatch Logs takes in: about 115 bytes at 0.50 a GB. */
  logRecord: 0.0575 / 1e6,
  /** A byte of any other log line. */
  logByte: 0.5 / 1e9,
  lambdaRequest: 0.2 / 1e6,
  /** arm64. */
  lambdaGbSecond: 0.0000133334,
  /** A write unit of DynamoDB, on demand. */
  writeUnit: 0.625 / 1e6,
  /** A byte kept in the table for a month. */
  tableByteMonth: 0.25 / 1e9,
  s3Put: 0.005 / 1000,
  s3Get: 0.0004 / 1000,
  putMetricData: 0.01 / 1000,
  publish: 0.5 / 1e6,
  email: 2 / 100_000,
  kmsRequest: 0.03 / 10_000,
  sqsRequest: 0.4 / 1e6,
  /** A custom metric; billed by the hour in which it gets data. */
  metricMonth: 0.3,
  /** An alarm on one metric, looked at once a minute at most. */
  alarmMonth: 0.1,
  /** An alarm on an anomaly band counts as three: the metric and both edges of its band. */
  bandAlarmMonth: 0.3,
  compositeAlarmMonth: 0.5,
  keyMonth: 1,
  /** A provisioned shard of a Kinesis stream takes a megabyte a second. */
  shardHour: 0.015,
  /** Each 25 KB of a record that a provisioned stream takes in. */
  putUnit: 0.014 / 1e6,
  /** A stream on demand, and the bytes that it takes in (by whole kilobytes a record) and hands out. */
  streamHour: 0.04,
  streamByteIn: 0.08 / 1e9,
  streamByteOut: 0.04 / 1e9,
} as const;
