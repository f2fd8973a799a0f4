/** The log of all shards in the order in which it came about, read in the order in which it lies. */
import { tickKey } from '../../log/key.ts';
import type { DigestLog, LogEntry } from '../../ports/digest-log.ts';
import { AHEAD } from '../1-merge/clock.ts';

/** Entries that lie under one key, by shard. */
export type SameKey = readonly LogEntry[];

export interface Reach {
  readonly shards: readonly number[];
  /** Least key. */
  readonly from?: string;
  /** Unix ms. */
  readonly now: number;
}

/**
 * A key begins with the minute of the batch's latest record, which is seldom after its arrival: what
 * came late waits here until the reading has come to its arrival. A key whose minute is yet to come
 * (of a record with a wrong time) is read first, to wait likewise.
 */
export async function* inArrivalOrder(
  log: DigestLog,
  { shards, from, now }: Reach,
): AsyncGenerator<SameKey> {
  const border = `${tickKey(now / 1000 + AHEAD)}~`;
  const waiting = new Waiting();
  if (from === undefined || from < border) {
    for await (const same of byKey(log, shards, border, undefined)) waiting.add(same);
    let reached = 0;
    for await (const same of byKey(log, shards, from, border)) {
      const minute = Number(same[0].key.slice(0, 10));
      if (minute > reached) yield* waiting.until((minute - AHEAD) * 1000);
      reached = minute;
      waiting.add(same);
    }
  } else {
    for await (const same of byKey(log, shards, from, undefined)) waiting.add(same);
  }
  yield* waiting.until(Infinity);
}

class Waiting {
  /** By minute of the first arrival. */
  readonly #minutes = new Map<number, SameKey[]>();

  add(same: SameKey): void {
    const minute = Math.floor(arrivalOf(same) / 60_000);
    const list = this.#minutes.get(minute);
    if (list) list.push(same);
    else this.#minutes.set(minute, [same]);
  }

  /** What arrived in minutes that were over by then; Unix ms. */
  *until(time: number): Generator<SameKey> {
    const over = [...this.#minutes.keys()].filter((minute) => (minute + 1) * 60_000 <= time);
    for (const minute of over.sort((a, b) => a - b)) {
      const list = this.#minutes.get(minute) ?? [];
      this.#minutes.delete(minute);
      yield* list.sort(byArrival);
    }
  }
}

/** Of what arrived at once a tick was first: its time is the minute's beginning. */
function byArrival(a: SameKey, b: SameKey): number {
  const [one, other] = [a[0].key, b[0].key];
  return (
    arrivalOf(a) - arrivalOf(b) ||
    Number(isTick(other)) - Number(isTick(one)) ||
    (one < other ? -1 : 1)
  );
}

function isTick(key: string): boolean {
  return key === tickKey(Number(key.slice(0, 10)));
}

function arrivalOf(same: SameKey): number {
  return Math.min(...same.map(({ at }) => at));
}

/** All shards side by side. */
async function* byKey(
  log: DigestLog,
  shards: readonly number[],
  from: string | undefined,
  to: string | undefined,
): AsyncGenerator<SameKey> {
  const readers = shards.map((shard) => log.read(shard, from, to)[Symbol.asyncIterator]());
  const heads = await Promise.all(readers.map((reader) => reader.next()));
  for (;;) {
    let least: string | undefined;
    for (const head of heads) {
      if (!head.done && (least === undefined || head.value.key < least)) least = head.value.key;
    }
    if (least === undefined) return;
    const same: LogEntry[] = [];
    for (const [i, head] of heads.entries()) {
      if (head.done || head.value.key !== least) continue;
      same.push(head.value);
      heads[i] = await readers[i].next();
    }
    yield same;
  }
}
