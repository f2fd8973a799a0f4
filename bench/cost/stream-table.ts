/** The same traffic by a subscription of its own and through a Kinesis stream. */

import { invocation, mergeCost, storageCost, sumOf } from './bill.ts';
import type { MeasuredStream } from './measure-stream.ts';
import { ASSUMED, PRICES } from './prices.ts';
import { dollars, type Row, table } from './tables.ts';

export interface StreamRow {
  readonly row: Row;
  /** Records a day. */
  readonly perDay: number;
  readonly measured: MeasuredStream;
}

const HOURS = 24 * ASSUMED.daysPerMonth;
const SHARD_BYTES = 1_048_576;
const SHARD_RECORDS = 1_000;
const PUT_UNIT = 25 * 1_024;
/** Of a shard's room on average over the day: its busiest hour has three times as much. */
const FILL = 1 / 3;

export function streamTable(rows: readonly StreamRow[]): string {
  return table(
    [
      'traffic',
      'batch',
      'records a day',
      'batches an invocation',
      'write units a million',
      'direct',
      '`stream`',
      'shards',
      'with these',
      'on demand',
      'better',
    ],
    rows.map(({ row, perDay, measured }) => {
      const { size, shape, million } = row;
      const millions = (perDay * ASSUMED.daysPerMonth) / 1e6;
      const batches = (millions * 1e6) / size;
      const direct = millions * sumOf(million);
      const through = batches * perBatch(measured);
      const { shards, provisioned, onDemand } = streamCosts(measured, batches);
      const best = through + Math.min(provisioned, onDemand);
      return [
        shape,
        size.toLocaleString('en'),
        perDay.toLocaleString('en'),
        measured.together.toLocaleString('en'),
        Math.round((measured.writeUnits * 1e6) / size).toLocaleString('en'),
        dollars(direct),
        dollars(through),
        String(shards),
        dollars(through + provisioned),
        dollars(through + onDemand),
        best < direct ? `stream, by ${dollars(direct - best)}` : 'direct',
      ];
    }),
  );
}

/** US dollars of one batch, without the stream. */
function perBatch(measured: MeasuredStream): number {
  const { together, mapMs, items } = measured;
  const processor = ASSUMED.logsMemory / ASSUMED.wholeProcessor;
  const ms = (mapMs / processor + ASSUMED.put * items) * together + ASSUMED.overhead;
  return (
    invocation(ms, ASSUMED.logsMemory) / together +
    measured.writeUnits * PRICES.writeUnit +
    storageCost(measured.itemBytes) +
    mergeCost(measured.mergeMs)
  );
}

/** US dollars of a month for the stream itself. @param batches a month */
function streamCosts({ recordBytes }: MeasuredStream, batches: number) {
  const perSecond = batches / (HOURS * 3_600) / FILL;
  const shards = Math.max(
    1,
    Math.ceil((perSecond * recordBytes) / SHARD_BYTES),
    Math.ceil(perSecond / SHARD_RECORDS),
  );
  const units = Math.ceil(recordBytes / PUT_UNIT);
  const counted = Math.ceil(recordBytes / 1_024) * 1_024;
  return {
    shards,
    provisioned: HOURS * shards * PRICES.shardHour + batches * units * PRICES.putUnit,
    onDemand:
      HOURS * PRICES.streamHour +
      batches * (counted * PRICES.streamByteIn + recordBytes * PRICES.streamByteOut),
  };
}
