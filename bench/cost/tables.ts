/** What was measured and what it costs, as Markdown. */
import type { PerMillion } from './bill.ts';
import { billedMs, daily, sumOf } from './bill.ts';
import type { Measured } from './measure.ts';
import { PRICES } from './prices.ts';

export interface Row {
  readonly shape: string;
  /** Records a batch. */
  readonly size: number;
  readonly measured: Measured;
  readonly million: PerMillion;
  readonly months: readonly Month[];
}

/** US dollars of one month. */
export interface Month {
  /** Records a day. */
  readonly perDay: number;
  /** What goes with the number of records. */
  readonly records: number;
  /** What goes with the time in which records come. */
  readonly time: number;
  /** What CloudWatch Logs charges to take the same records in. */
  readonly logs: number;
  /** `records` and `time` to `logs`. */
  readonly share: number;
}

type Fixed = readonly (readonly [string, number])[];

/** The month table shows batches of this size. */
const TYPICAL = 100;
/** The most that the variable cost may be of what CloudWatch Logs charges, by records a batch. */
const LIMITS: Readonly<Record<number, number>> = { 50: 0.35, 100: 0.2, 1000: 0.12 };
/** The limits are of traffic in which every batch matches something. */
const EVERY_BATCH = 0.95;

export function monthTable(rows: readonly Row[], fixed: Fixed): string {
  const always = total(fixed);
  return table(
    ['traffic', 'records a day', 'CloudWatch Logs', 'by record', 'by time', 'fixed', 'the service'],
    rows
      .filter(({ size }) => size === TYPICAL)
      .flatMap(({ shape, months }) =>
        months.map(({ perDay, records, time, logs }) => [
          shape,
          perDay.toLocaleString('en'),
          dollars(logs),
          dollars(records),
          dollars(time),
          dollars(always),
          `**${dollars(records + time + always)}**`,
        ]),
      ),
  );
}

/** The months of three kinds of traffic, all costs in one sum. */
export function summaryTable(rows: readonly Row[], fixed: Fixed): string {
  const shown = ['quiet web', 'busy web', 'scanned'];
  const typical = rows.filter(({ size, shape }) => size === TYPICAL && shown.includes(shape));
  const [first] = typical;
  return table(
    ['records a day', 'CloudWatch Logs', ...typical.map(({ shape }) => `the service: ${shape}`)],
    (first?.months ?? []).map(({ perDay, logs }, i) => [
      perDay.toLocaleString('en'),
      dollars(logs),
      ...typical.map(({ months }) => {
        const { records, time } = months[i] as Month;
        return dollars(records + time + total(fixed));
      }),
    ]),
  );
}

export function batchTable(rows: readonly Row[]): string {
  return table(
    [
      'traffic',
      'records a batch',
      'batches with a digest',
      'bytes an item',
      'write units an item',
      'map, ms',
      'billed, ms',
    ],
    rows.map(({ shape, size, measured }) => [
      shape,
      size.toLocaleString('en'),
      percent(measured.matched),
      measured.items === 0 ? '' : (measured.itemBytes / measured.items).toFixed(0),
      measured.items === 0 ? '' : (measured.writeUnits / measured.items).toFixed(2),
      measured.mapMs.toFixed(2),
      Math.ceil(billedMs(measured)).toFixed(0),
    ]),
  );
}

/** A day of this many is shown by what it takes, for a million of its records. */
const SHOWN_DAY = 10_000_000;

export function requestTable(rows: readonly Row[]): string {
  return table(
    [
      'traffic',
      'batch',
      'invocations of `logs`',
      'PutItem',
      'write units',
      'invocations of `reduce`',
      'checkpoints',
      'KB a checkpoint',
    ],
    rows.map(({ shape, size, measured }) => {
      const batches = 1e6 / size;
      const { runs, saves } = daily(measured, size, SHOWN_DAY);
      const counts = [
        batches,
        batches * measured.items,
        batches * measured.writeUnits,
        (runs * 1e6) / SHOWN_DAY,
        (saves * 1e6) / SHOWN_DAY,
      ];
      const bytes = measured.saveBytes / 1024;
      return [
        shape,
        size.toLocaleString('en'),
        ...counts.map((count) => Math.round(count).toLocaleString('en')),
        bytes.toFixed(bytes < 10 ? 1 : 0),
      ];
    }),
  );
}

export function millionTable(rows: readonly Row[]): string {
  return table(
    [
      'traffic',
      'batch',
      '`logs`',
      'its log lines',
      'writes',
      'storage',
      '`reduce`',
      'sum',
      'of 5.75',
      'at 1 M a day',
      'at 10 M',
      'at 100 M',
      'limit',
    ],
    rows.map(({ shape, size, measured, million, months }) => [
      shape,
      size.toLocaleString('en'),
      ...[million.lambda, million.lines, million.writes, million.storage, million.merge].map(cents),
      cents(sumOf(million)),
      percent(sumOf(million) / (PRICES.logRecord * 1e6)),
      ...months.map(({ share }) => percent(share)),
      measured.matched < EVERY_BATCH ? '' : verdict(LIMITS[size], months.at(-1)?.share),
    ]),
  );
}

export function fixedTable(fixed: Fixed): string {
  return table(
    ['a month', 'US dollars'],
    [
      ...fixed.map(([what, cost]) => [what, dollars(cost)]),
      ['**together**', `**${dollars(total(fixed))}**`],
    ],
  );
}

function verdict(limit: number | undefined, share: number | undefined): string {
  if (limit === undefined || share === undefined) return '';
  return share <= limit ? `${percent(limit)} met` : `${percent(limit)} MISSED: ${exactly(share)}`;
}

function total(costs: Fixed): number {
  return costs.reduce((sum, [, cost]) => sum + cost, 0);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export const dollars = (value: number) => value.toFixed(2);
const cents = (value: number) => (value * 100).toFixed(3);
const exactly = (share: number) => `${(share * 100).toFixed(1)}%`;
const percent = (value: number) => `${Math.round(value * 100)}%`;
