/** Accepted flows that answer those of a rule, each known by the tuple of the flow it answers. */
import type { RuleDigest } from '../../log/digest.ts';
import type { Column, RecordBatch } from '../../records/batch.ts';
import { isAbsent } from './cells.ts';
import { numberingOf } from './tuples.ts';

/** The five-tuple of the flow that a record answers. */
const REVERSED = ['dstaddr', 'srcaddr', 'dstport', 'srcport', 'protocol'] as const;

/** The tuple that a row answers; undefined where it lacks a part of it. */
export type Answering = (row: number) => number | undefined;

export function answeringIn(batch: RecordBatch): Answering {
  const columns: readonly (Column | undefined)[] = REVERSED.map((field) => batch.column(field));
  const number = numberingOf(batch, REVERSED);
  return (row) => {
    for (const column of columns) if (isAbsent(column, row)) return undefined;
    return number(row);
  };
}

interface Bounds {
  least: number;
  greatest: number;
}

/**
 * Of several answers of one tuple in one minute the first and the last are enough: what is asked is
 * whether one lies in a range, and ranges are longer than a minute.
 */
export class Answers {
  readonly #minutes = new Map<number, Map<number, Bounds>>();

  add(tuple: number, start: number): void {
    const minute = Math.floor(start / 60);
    let starts = this.#minutes.get(minute);
    if (!starts) {
      starts = new Map();
      this.#minutes.set(minute, starts);
    }
    const known = starts.get(tuple);
    if (!known) starts.set(tuple, { least: start, greatest: start });
    else if (start < known.least) known.least = start;
    else if (start > known.greatest) known.greatest = start;
  }

  finish(): RuleDigest['answers'] {
    const answers: (readonly [tuple: number, start: number])[] = [];
    for (const starts of this.#minutes.values()) {
      for (const [tuple, { least, greatest }] of starts) {
        answers.push([tuple, least]);
        if (greatest > least) answers.push([tuple, greatest]);
      }
    }
    return answers;
  }
}
