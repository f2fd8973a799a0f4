/** Kinds of traffic that cost differently, made by the seeded generator: default format, by `start`. */

import { DEFAULT_LAYOUT } from '../records/layout.ts';
import { type DayOptions, generateDay } from './day.ts';
import type { FlowRecord } from './flow.ts';
import { renderLine } from './render.ts';
import { generateLines } from './volume.ts';

export interface Shape {
  readonly name: string;
  /** As tables call it. */
  readonly title: string;
  readonly what: string;
  /** At least `count` lines. */
  lines(count: number): Generator<string>;
}

const HOUR = 3_600;
/** Ten in the morning of the generator's day, its busiest hour. */
const BUSY = { start: 1_795_392_000 + 10 * HOUR, hosts: 200 };
/** Three at night. */
const QUIET = { start: 1_795_392_000 + 3 * HOUR, hosts: 200 };
const ALL_DAY = { at: 0, minutes: 100_000 };

export const SHAPES: readonly Shape[] = [
  {
    name: 'quiet',
    title: 'quiet web',
    what: 'a web VPC at night: few visitors, the usual knocks from the internet',
    lines: (count) => day(count, QUIET),
  },
  {
    name: 'busy',
    title: 'busy web',
    what: 'the same in its busiest hour',
    lines: (count) => day(count, BUSY),
  },
  {
    name: 'scanned',
    title: 'scanned',
    what: 'internet-facing: one record in ten rejected, from 4,096 sources at any port; exposed ports among them',
    lines: (count) => generateLines(count),
  },
  {
    name: 'flood',
    title: 'flood',
    what: 'nine records in ten are rejects, each from another address',
    lines: (count) =>
      day(count, { ...BUSY, incidents: [{ kind: 'reject-spike', ...ALL_DAY, rate: 20_000 }] }),
  },
  {
    name: 'internal',
    title: 'internal',
    what: 'hosts talk to hosts, nothing is rejected',
    lines: (count) => day(count, BUSY, isInternal),
  },
];

function isInternal({ srcaddr, dstaddr, action }: FlowRecord): boolean {
  return isHost(srcaddr) && isHost(dstaddr) && action === 'ACCEPT';
}

function isHost(address: unknown): boolean {
  return String(address).startsWith('10.');
}

function* day(
  count: number,
  options: Omit<DayOptions, 'seed'>,
  wanted: (record: FlowRecord) => boolean = () => true,
): Generator<string> {
  let made = 0;
  // One day after another, each with a seed of its own, until there are enough.
  for (let seed = 1; ; seed++) {
    for (const record of generateDay({ ...options, hours: 1, seed })) {
      if (!wanted(record)) continue;
      yield renderLine(record, DEFAULT_LAYOUT);
      if (++made >= count) return;
    }
  }
}
