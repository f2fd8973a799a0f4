/**
 * What digests and slots carry beside totals, as flat lists of whole numbers: cheap to encode, to
 * save and to merge. The layouts:
 *
 *     members      the distinct values in order of arrival, at most `above` + 1
 *     share        one number: the records that also meet the condition
 *     connections  triplets: five-tuple, start - slot, end - start
 *     steps        for each step its count, followed by its members if it has any
 */
import type { Carried, Members } from './kind.ts';

/** Spans of one five-tuple that are this close are one, whatever the aggregation interval; seconds. */
const SAME_SPAN = 120;
/** Spans kept for a group and slot; what a beacon is regular in is far fewer. */
export const MOST_SPANS = 1_000;

export const NOTHING: Carried = { what: 'nothing' };
/** What names a connection. */
export const FIVE_TUPLE = ['srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol'] as const;

export type Part = readonly number[];

/** A part as it is before any record. */
export function emptyPart(carried: Carried): Part {
  if (carried.what === 'share') return [0];
  return carried.what === 'steps' ? carried.steps.map(() => 0) : [];
}

/** Two parts of the same group and slot as one; which comes first decides nothing but order. */
export function mergeParts(carried: Carried, a: Part, b: Part): Part {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  switch (carried.what) {
    case 'nothing':
      return a;
    case 'members':
      return joinMembers(carried, a, b);
    case 'share':
      return [a[0] + b[0]];
    case 'connections':
      return partOfSpans([...spansOf(a), ...spansOf(b)]);
    case 'steps':
      return joinSteps(carried.steps, a, b);
  }
}

/** Distinct values of both, until there are more than `above`. */
export function joinMembers({ above }: Members, a: Part, b: Part): Part {
  if (a.length > above) return a;
  // Most digests of a group are of one record: to look for its member costs less than a set.
  if (b.length === 1) return a.includes(b[0]) ? a : [...a, b[0]];
  const all = new Set(a);
  for (const member of b) {
    if (all.size > above) break;
    all.add(member);
  }
  return all.size === a.length ? a : [...all];
}

/** Times of one five-tuple, relative to the slot. */
export interface Span {
  readonly tuple: number;
  readonly start: number;
  end: number;
}

export function spansOf(part: Part): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < part.length; i += 3) {
    spans.push({ tuple: part[i], start: part[i + 1], end: part[i + 1] + part[i + 2] });
  }
  return spans;
}

/** Spans by tuple and start, those of a tuple joined that are at most `gap` apart. */
export function joinedSpans(all: Span[], gap: number): Span[] {
  all.sort((x, y) => x.tuple - y.tuple || x.start - y.start || x.end - y.end);
  const joined: Span[] = [];
  for (const span of all) {
    const last = joined.at(-1);
    if (last?.tuple === span.tuple && span.start <= last.end + gap) {
      last.end = Math.max(last.end, span.end);
    } else joined.push({ ...span });
  }
  return joined;
}

/** Spans as a part: joined where they touch, the earliest kept where there are too many. */
export function partOfSpans(spans: Span[]): Part {
  let joined = joinedSpans(spans, SAME_SPAN);
  if (joined.length > MOST_SPANS) {
    joined = joined.sort((x, y) => x.start - y.start || x.tuple - y.tuple).slice(0, MOST_SPANS);
  }
  return joined.flatMap(({ tuple, start, end }) => [tuple, start, end - start]);
}

/** What a part holds of each step. */
export function stepsOf(
  steps: Extract<Carried, { what: 'steps' }>['steps'],
  part: Part,
): { readonly count: number; readonly members: Part }[] {
  let at = 0;
  return steps.map((step) => {
    const count = part[at++] ?? 0;
    if (step?.what !== 'members') return { count, members: [] };
    const members = part.slice(at, at + count);
    at += count;
    return { count, members };
  });
}

function joinSteps(steps: Extract<Carried, { what: 'steps' }>['steps'], a: Part, b: Part): Part {
  const left = stepsOf(steps, a);
  const right = stepsOf(steps, b);
  return steps.flatMap((step, i) => {
    if (step?.what !== 'members') return [left[i].count + right[i].count];
    const members = joinMembers(step, left[i].members, right[i].members);
    return [members.length, ...members];
  });
}
