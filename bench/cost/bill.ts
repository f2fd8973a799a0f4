/** From what was measured to dollars. */
import { readFileSync } from 'node:fs';
import type { Measured } from './measure.ts';
import { ASSUMED, PRICES } from './prices.ts';

const DAY = 86_400;
const MINUTES = 1_440;

/** US dollars of one million records, whatever their number a day. */
export interface PerMillion {
  readonly lambda: number;
  readonly lines: number;
  readonly writes: number;
  readonly storage: number;
  readonly merge: number;
}

/** US dollars of one month, beside what each record costs. */
export interface PerMonth {
  /** `reduce` while there is something to do: its waiting, its checkpoints, the points it publishes. */
  readonly activity: number;
  readonly checkpoints: number;
}

/** Whether Lambda writes three lines about each invocation; a level of WARN for them stops it. */
const LOUD = !/systemLogLevel: *['"]?WARN/.test(readFileSync('serverless.yml', 'utf8'));

const PLATFORM_LINES = LOUD ? ASSUMED.platformLines : 0;

/** Milliseconds billed of one invocation of `logs`. */
export function billedMs({ mapMs, items }: Measured): number {
  const processor = ASSUMED.logsMemory / ASSUMED.wholeProcessor;
  return mapMs / processor + ASSUMED.overhead + ASSUMED.put * items;
}

export function perMillion(measured: Measured, size: number): PerMillion {
  const batches = 1e6 / size;
  const { writeUnits, itemBytes, mergeMs } = measured;
  return {
    lambda: batches * invocation(billedMs(measured), ASSUMED.logsMemory),
    lines: batches * PLATFORM_LINES * PRICES.logByte,
    writes: batches * writeUnits * PRICES.writeUnit,
    storage: batches * storageCost(itemBytes),
    merge: batches * mergeCost(mergeMs),
  };
}

/** US dollars of keeping so many bytes of digests as long as they are kept. */
export function storageCost(bytes: number): number {
  return (bytes * PRICES.tableByteMonth * ASSUMED.digestDays) / ASSUMED.daysPerMonth;
}

/** US dollars of merging for so many milliseconds of one core. */
export function mergeCost(ms: number): number {
  return gbSeconds(atShare(ms, ASSUMED.reduceMemory), ASSUMED.reduceMemory);
}

/** What a day brings whatever each record costs. */
export interface Daily {
  /** Instances of `logs` at work, each of which beats once a minute. */
  readonly instances: number;
  /** Invocations of `reduce`. */
  readonly runs: number;
  /** Checkpoints it writes. */
  readonly saves: number;
}

/** @param perDay records */
export function daily(measured: Measured, size: number, perDay: number): Daily {
  const batches = perDay / size;
  const busy = (batches / DAY) * (billedMs(measured) / 1000);
  const instances = Math.max(1, Math.ceil(busy * 2));
  const entries = batches * measured.items + MINUTES * (1 + instances);
  // A window opens at the first entry after the one before: each takes its length and a mean gap.
  const runs = DAY / (ASSUMED.window + DAY / entries);
  return { instances, runs, saves: runs + MINUTES };
}

/**
 * What goes with time: windows with something to do, heartbeats, points.
 * @param perDay records
 */
export function perMonth(measured: Measured, size: number, perDay: number): PerMonth {
  const { instances, runs, saves } = daily(measured, size, perDay);
  const idle = runsWhenIdle();
  const waiting =
    (runs - idle) * invocation(ASSUMED.overhead, ASSUMED.reduceMemory) +
    saves *
      gbSeconds(
        ASSUMED.save + atShare(measured.saveMs, ASSUMED.reduceMemory),
        ASSUMED.reduceMemory,
      ) +
    MINUTES * gbSeconds(ASSUMED.points, ASSUMED.reduceMemory);
  const day =
    waiting +
    runs * PLATFORM_LINES * PRICES.logByte +
    MINUTES * PRICES.putMetricData +
    MINUTES * instances * PRICES.writeUnit +
    (instances + 1) * MINUTES * 2 * PRICES.s3Get;
  return {
    activity: day * ASSUMED.daysPerMonth,
    checkpoints: saves * PRICES.s3Put * ASSUMED.daysPerMonth,
  };
}

function runsWhenIdle(): number {
  return DAY / (ASSUMED.window + DAY / MINUTES);
}

/** US dollars of one month whatever the number of records, by what they are for. */
export function fixedCosts(alarms: number): readonly (readonly [string, number])[] {
  const { daysPerMonth, alertsPerDay } = ASSUMED;
  const minutes = MINUTES * daysPerMonth;
  const reconciles = minutes / 5;
  const ticks =
    minutes * (invocation(ASSUMED.tick, ASSUMED.tickMemory) + PRICES.writeUnit) +
    runsWhenIdle() * daysPerMonth * invocation(ASSUMED.idleReduce, ASSUMED.reduceMemory);
  const alert = PRICES.publish + PRICES.email + 2 * PRICES.kmsRequest;
  const lines = (minutes + runsWhenIdle() * daysPerMonth + reconciles) * PLATFORM_LINES;
  return [
    ["the topics' KMS key", PRICES.keyMonth],
    [`${alarms} alarms`, alarms * PRICES.alarmMonth],
    ['custom metrics `Batches`, `Records`, `LagSeconds`', 3 * PRICES.metricMonth],
    ["Lambda's polling of three queues", 3 * ASSUMED.polls * minutes * PRICES.sqsRequest],
    [
      '`reconcile` every five minutes',
      reconciles * invocation(ASSUMED.reconcile, ASSUMED.reconcileMemory),
    ],
    ['a tick a minute', ticks],
    ['lines that Lambda writes of these invocations', lines * PRICES.logByte],
    [`${alertsPerDay} alerts a day by e-mail`, alertsPerDay * daysPerMonth * alert],
  ];
}

function atShare(ms: number, memory: number): number {
  return (ms * ASSUMED.wholeProcessor) / memory;
}

function gbSeconds(ms: number, memory: number): number {
  return (ms / 1000) * (memory / 1024) * PRICES.lambdaGbSecond;
}

/** Lambda rounds up to a whole millisecond. */
export function invocation(ms: number, memory: number): number {
  return PRICES.lambdaRequest + gbSeconds(Math.ceil(ms), memory);
}

export function sumOf(parts: PerMillion | PerMonth): number {
  return Object.values(parts).reduce((total: number, part: number) => total + part, 0);
}
