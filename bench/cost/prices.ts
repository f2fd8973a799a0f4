/** List prices of AWS in us-east-1, US dollars, without any free tier: check before you rely on them. */
import { WRITE_UNIT_PRICE } from '../../src/adapters/aws/item-size.ts';

export const PRICES = {
  /** A record that CloudWatch Logs takes in: about 115 bytes at 0.50 a GB. */
  logRecord: 0.0575 / 1e6,
  /** A byte of any other log line. */
  logByte: 0.5 / 1e9,
  lambdaRequest: 0.2 / 1e6,
  /** arm64. */
  lambdaGbSecond: 0.0000133334,
  writeUnit: WRITE_UNIT_PRICE,
  /** A byte kept in the table for a month. */
  tableByteMonth: 0.25 / 1e9,
  s3Put: 0.005 / 1000,
  s3Get: 0.0004 / 1000,
  putMetricData: 0.01 / 1000,
  publish: 0.5 / 1e6,
  email: 2 / 100_000,
  kmsRequest: 0.03 / 10_000,
  sqsRequest: 0.4 / 1e6,
  alarmMonth: 0.1,
  metricMonth: 0.3,
  keyMonth: 1,
} as const;

/** What cannot be measured on a laptop. */
export const ASSUMED = {
  /** Lambda gives a whole processor at this much memory, and a share of one below; MB. */
  wholeProcessor: 1769,
  logsMemory: 512,
  reduceMemory: 1024,
  tickMemory: 256,
  reconcileMemory: 512,
  /** Of each invocation, besides what is measured; ms. */
  overhead: 1,
  /** Waiting for DynamoDB to take an item; ms. */
  put: 5,
  /** Waiting for S3 to take a checkpoint; ms. */
  save: 40,
  /** Waiting for CloudWatch to take the minute's points; ms. */
  points: 30,
  /** Digests are handed on at most this long after the first; seconds. */
  window: 10,
  /** An invocation of `tick`, of `reduce` by a tick alone, and of `reconcile`; ms. */
  tick: 25,
  idleReduce: 5,
  reconcile: 2000,
  /** Requests a minute by which Lambda asks one queue for messages: five pollers, 20 s each. */
  polls: 15,
  /** Bytes of START, END and REPORT with what CloudWatch Logs adds to each. */
  platformLines: 351,
  /** Cooldowns and storm limits bound them, not the number of records. */
  alertsPerDay: 100,
  daysPerMonth: 30,
  /** Digests are kept this long. */
  digestDays: 15,
} as const;
