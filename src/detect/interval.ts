/**
 * Which aggregation interval of a flow log a rule needs. AWS offers 60 and 600 seconds; a record
 * stands for all its interval holds and counts where it starts.
 */
import type { CompiledRule } from '../rules/compiled.ts';
import { formatDuration } from '../rules/duration.ts';
import { effectiveWindow } from '../rules/windows.ts';

/** Aggregation intervals that flow logs may have; seconds. */
const SHORT = 60;
const LONG = 600;

/** A five-tuple that pauses for so many intervals makes a new connection. */
const PAUSE = 2;

type Timed = Pick<CompiledRule, 'detect' | 'window'>;

export interface IntervalNote {
  /** The longest aggregation interval at which the rule works, seconds; 0 where it works at none. */
  readonly interval: 0 | 60 | 600;
  readonly why: string;
}

/** The longest aggregation interval at which a rule works: 600, 60, or 0 where it works at none. */
export function shortestInterval(rule: Timed): IntervalNote['interval'] {
  return intervalNote(rule)?.interval ?? LONG;
}

/** What is to say about a rule and aggregation intervals; undefined where any will do. */
export function intervalNote({ detect, window = 0 }: Timed): IntervalNote | undefined {
  if (detect.kind === 'absent') {
    if (detect.for >= PAUSE * LONG) return undefined;
    const why = `for ${formatDuration(detect.for)} is less than two intervals of 10 minutes: between two records of a busy group there may be as much`;
    return { interval: SHORT, why };
  }
  const seconds = window === 0 ? 0 : effectiveWindow(window);
  if (detect.kind === 'beacon' && (detect.min - 1) * PAUSE * SHORT >= seconds) {
    const room = Math.ceil(seconds / (PAUSE * SHORT));
    const why = `a window of ${formatDuration(seconds)} holds ${room} connections of one five-tuple, which are 2 minutes apart or more, and min is ${detect.min}`;
    return { interval: 0, why };
  }
  if (seconds === 0 || seconds >= LONG) return undefined;
  const summing = detect.kind === 'sum' || (detect.kind === 'spike' && detect.field !== undefined);
  if (summing) {
    const why = `a record of 10 minutes puts all it adds up into the slot in which it starts, and the window has ${formatDuration(seconds)}`;
    return { interval: SHORT, why };
  }
  if (detect.kind === 'ratio' || detect.kind === 'beacon') {
    const why = `a record of 10 minutes stands for more than a window of ${formatDuration(seconds)} holds`;
    return { interval: SHORT, why };
  }
  const why = `with an interval of 10 minutes a record that is longer than the window of ${formatDuration(seconds)} counts where it starts`;
  return { interval: LONG, why };
}
