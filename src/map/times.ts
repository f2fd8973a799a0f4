/** What an input tells of time, beside the digest: when its lines began, and how long flows last. */
import type { SourceMinute } from '../log/digest.ts';
import type { RecordBatch } from '../records/batch.ts';
import type { Flowless } from './2-parse/parse.ts';
import { Minutes } from './minutes.ts';

export interface InputTimes {
  /** Least and greatest `start` of its flows; Infinity and 0 where it has none. */
  readonly first: number;
  readonly last: number;
  /** Greatest `start` of its lines, NODATA and SKIPDATA among them; 0 where none has one. */
  readonly latest: number;
  /** Least `start` of its flows that is not late beside `latest`; 0 where there is none. */
  readonly earliest: number;
  /** Greatest `end` - `start` of its flows. */
  readonly longest: number;
  readonly minutes: readonly SourceMinute[];
}

/** Collects over the turns of one input; reused from input to input. */
export class Times {
  readonly #lateness: number;
  readonly #minutes = new Minutes();
  /** Those of all turns so far, and room for more. */
  #times = new Float64Array(1024);
  #count = 0;
  #first = Infinity;
  #last = 0;
  #latest = 0;
  #longest = 0;

  /** @param lateness seconds behind the latest line from which a flow is late */
  constructor(lateness: number) {
    this.#lateness = lateness;
  }

  add(batch: RecordBatch, flowless: Flowless): void {
    const { times, count } = batch;
    const start = batch.column('start');
    const end = batch.column('end');
    const starts = start?.kind === 'number' ? start.values : undefined;
    const ends = end?.kind === 'number' ? end.values : undefined;
    let first = this.#first;
    let last = this.#last;
    let longest = this.#longest;
    let at = this.#count;
    if (at + count > this.#times.length) this.#grow(at + count);
    const all = this.#times;
    for (let row = 0; row < count; row++) {
      const time = times[row];
      all[at++] = time;
      if (time < first) first = time;
      if (time > last) last = time;
      if (starts !== undefined && ends !== undefined) {
        const length = ends[row] - starts[row];
        if (length > longest) longest = length;
      }
    }
    this.#minutes.addAll(times, count);
    this.#first = first;
    this.#last = last;
    this.#longest = longest;
    this.#count = at;
    for (const time of flowless.noData) this.#addLine(time, false);
    for (const time of flowless.skipData) this.#addLine(time, true);
  }

  #grow(least: number): void {
    const larger = new Float64Array(Math.max(least, this.#times.length * 2));
    larger.set(this.#times);
    this.#times = larger;
  }

  #addLine(time: number, skipped: boolean): void {
    if (time > this.#latest) this.#latest = time;
    this.#minutes.add(time, skipped);
  }

  /** What was collected; it is empty again. */
  take(): InputTimes {
    const latest = Math.max(this.#latest, this.#last);
    const taken = {
      first: this.#first,
      last: this.#last,
      latest,
      earliest: this.#earliest(latest - this.#lateness),
      longest: this.#longest,
      minutes: this.#minutes.take(),
    };
    this.#count = 0;
    this.#first = Infinity;
    this.#last = 0;
    this.#latest = 0;
    this.#longest = 0;
    return taken;
  }

  /** Only where something is late all times must be looked at again. */
  #earliest(bound: number): number {
    let earliest = this.#first;
    if (earliest < bound) {
      earliest = Infinity;
      const times = this.#times;
      for (let i = 0; i < this.#count; i++) {
        if (times[i] >= bound && times[i] < earliest) earliest = times[i];
      }
    }
    return earliest === Infinity ? 0 : earliest;
  }
}
