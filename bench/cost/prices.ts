export { PRICES } from '../../src/prices.ts';

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
