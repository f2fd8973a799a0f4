/**
 * A week, or any part of it, of flow logs of a VPC of about 200 interfaces, with attacks where asked.
 * Each minute is a function of seed and time, so that a part equals the same hours of the whole; memory
 * holds ten minutes.
 */
import { Random } from '../random.ts';
import { statusLines } from './actors/noise.ts';
import { ATTACKS, type AttackName } from './attacks.ts';
import type { Conversation, Scene } from './conversation.ts';
import { lineOf, type WeekFormat } from './lines.ts';
import { ORDINARY } from './ordinary.ts';
import { type Row, writeRows } from './rows.ts';
import { type Site, weekSite } from './site.ts';
import { MINUTE, type Minute, MONDAY, minuteAt, WEEK } from './time.ts';

export interface WeekOptions {
  readonly seed: number;
  /** Unix seconds, a multiple of 600. Default: Monday 2026-11-23 00:00 UTC. */
  readonly from?: number;
  /** Unix seconds, a multiple of 600. Default: a week after `from`. */
  readonly to?: number;
  /** On the numbers of hosts and visitors. Default 1: about 200 interfaces, 8 million records. */
  readonly scale?: number;
  /** Default `v5`. */
  readonly format?: WeekFormat;
  /** Those of the week of MONDAY. Default: none. */
  readonly attacks?: readonly AttackName[];
}

/** The longest aggregation interval: rows are put in order within it. */
const BLOCK = 600;

/**
 * Lines without line breaks, ten minutes at a time, in order of `start`.
 * @throws RangeError on times that are no multiple of ten minutes
 */
export function* weekBlocks(options: WeekOptions): Generator<string[]> {
  const { seed, from = MONDAY, to = from + WEEK, scale = 1, format = 'v5', attacks = [] } = options;
  for (const time of [from, to]) {
    if (time % BLOCK !== 0)
      throw new RangeError(`a week begins and ends at ten minutes, not at ${time}`);
  }
  const site = weekSite(scale);
  let later: Row[] = [];
  // What began in the ten minutes before may reach into the first block.
  for (let block = from - BLOCK; block < to; block += BLOCK) {
    const written = later;
    const end = block + BLOCK;
    const slow = new Map<string, Row>();
    later = [];
    const write = (row: Row): void => {
      if (row.start >= end) later.push(row);
      else if (row.at.interval === 60) written.push(row);
      else joinSlow(row, slow);
    };
    for (let start = block; start < end; start += MINUTE) {
      playMinute({ seed, attacks, site, minute: minuteAt(start), write });
    }
    if (block < from) continue;
    const rows = written.filter((row) => row.at.interval === 60);
    for (const row of written) if (row.at.interval !== 60) joinSlow(row, slow);
    for (const row of slow.values()) rows.push(row);
    yield inOrder(rows, block).map((row) => lineOf(row, format));
  }
}

/** By second, which is faster than to compare. */
function inOrder(rows: readonly Row[], block: number): Row[] {
  const seconds: Row[][] = Array.from({ length: BLOCK }, () => []);
  for (const row of rows) seconds[row.start - block].push(row);
  return seconds.flat();
}

interface Play {
  readonly seed: number;
  readonly attacks: readonly AttackName[];
  readonly site: Site;
  readonly minute: Minute;
  readonly write: (row: Row) => void;
}

function playMinute({ seed, attacks, site, minute, write }: Play): void {
  const emit = (conversation: Conversation): void => writeRows(conversation, write);
  const since = minute.start - MONDAY;
  const under = attacks.filter((name) => {
    const { at, lasts } = ATTACKS[name];
    return since >= at && since < at + lasts;
  });
  const outage = under.includes('feed-silent') ? 'partner-feed' : undefined;
  const sceneOf = (stream: number): Scene => ({
    site,
    minute,
    random: streamOf(seed, stream, minute.index),
    emit,
    ...(outage && { outage }),
  });
  for (const [index, actor] of ORDINARY.entries()) actor(sceneOf(index + 1));
  for (const { at, status, start } of statusLines(sceneOf(0))) write(statusRow(at, status, start));
  for (const name of under) {
    const attack = ATTACKS[name];
    attack.act(sceneOf(attack.stream), Math.floor((since - attack.at) / MINUTE));
  }
}

/** Streams of their own, so that a new actor or attack changes nothing of the others. */
function streamOf(seed: number, stream: number, minute: number): Random {
  const mixed = Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  return new Random(Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35) ^ Math.imul(minute, 0x27d4eb2f));
}

/** Where an interface adds up over ten minutes, its rows of one five-tuple and outcome are one. */
function joinSlow(row: Row, slow: Map<string, Row>): void {
  const key = `${row.at.number} ${row.src} ${row.dst} ${row.srcPort} ${row.dstPort} ${row.protocol} ${row.rejected} ${row.packetSrc} ${row.packetDst}`;
  const first = slow.get(key);
  if (first === undefined) {
    slow.set(key, row);
    return;
  }
  first.packets += row.packets;
  first.bytes += row.bytes;
  first.start = Math.min(first.start, row.start);
  first.end = Math.max(first.end, row.end);
  first.flags |= row.flags;
}

function statusRow(at: Row['at'], status: 'NODATA' | 'SKIPDATA', start: number): Row {
  return {
    at,
    status,
    src: '',
    dst: '',
    srcPort: 0,
    dstPort: 0,
    protocol: 0,
    packets: 0,
    bytes: 0,
    start,
    end: start + MINUTE - 1,
    rejected: false,
    flags: 0,
    egress: false,
    packetSrc: '',
    packetDst: '',
    srcService: undefined,
    dstService: undefined,
    path: 0,
  };
}
