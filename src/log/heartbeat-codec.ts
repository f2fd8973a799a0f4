/** A heartbeat as bytes. */
import type { Heartbeat, SourceMinute, SourceTotals } from './digest.ts';
import { readSource, writeSource } from './source-codec.ts';
import { list, type TextReader, type TextTable } from './text-table.ts';
import type { ByteReader, ByteWriter } from './varint.ts';

const MINUTE = 60;

export function writeHeartbeat(to: ByteWriter, texts: TextTable, heartbeat: Heartbeat): void {
  to.uint(texts.ref(heartbeat.rules));
  to.uint(heartbeat.sources.length);
  for (const totals of heartbeat.sources) {
    writeSource(to, texts, totals.source);
    to.uint(totals.latest);
    to.uint(totals.batches);
    to.uint(totals.records);
    to.uint(totals.malformed);
    to.uint(totals.noData);
    to.uint(totals.skipData);
    to.uint(totals.bytes);
    to.near(totals.latest, totals.earliest);
    to.uint(totals.longest);
    writeMinutes(to, totals.minutes);
  }
}

export function readHeartbeat(from: ByteReader, texts: TextReader): Heartbeat {
  const rules = texts.at(from.uint());
  const sources = list(from, (): SourceTotals => {
    const source = readSource(from, texts);
    const latest = from.time();
    return {
      source,
      latest,
      batches: from.uint(),
      records: from.uint(),
      malformed: from.uint(),
      noData: from.uint(),
      skipData: from.uint(),
      bytes: from.uint(),
      earliest: from.near(latest),
      longest: from.uint(),
      minutes: readMinutes(from),
    };
  });
  return { kind: 'heartbeat', rules, sources };
}

/** Each as the minutes since the one before. */
function writeMinutes(to: ByteWriter, minutes: SourceTotals['minutes']): void {
  to.uint(minutes.length);
  let before = 0;
  for (const [minute, lines, skipped] of minutes) {
    to.uint(minute / MINUTE - before);
    to.uint(lines);
    to.uint(skipped);
    before = minute / MINUTE;
  }
}

function readMinutes(from: ByteReader): SourceMinute[] {
  let before = 0;
  return list(from, (): SourceMinute => {
    before += from.uint();
    if (before >= 2 ** 45) throw new RangeError('a minute is out of range');
    return [before * MINUTE, from.uint(), from.uint()];
  });
}
