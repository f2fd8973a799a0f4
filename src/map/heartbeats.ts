/** Totals of what an instance has mapped since its last heartbeat, by source. */
import type { Heartbeat, SourceMinute, SourceTotals } from '../log/digest.ts';
import type { Source } from '../ports/source.ts';
import type { Mapped } from './map.ts';

/** At most one heartbeat in this long; ms. */
const EVERY = 60_000;
/** Minutes of a source that one heartbeat tells of, the newest: a backfill must not make it large. */
const MOST_MINUTES = 120;

export class Heartbeats {
  #sources = new Map<string, SourceTotals>();
  #rules = '';
  #last = -Infinity;

  /** @param rules fingerprint of the rules that the input was mapped by */
  add(source: Source, mapped: Mapped, bytes: number, rules: string): void {
    if (rules !== this.#rules) this.#beginRules(rules);
    const key = JSON.stringify(source);
    this.#sources.set(key, sumOf(this.#sources.get(key), totalsOf(source, mapped, bytes)));
  }

  /** New rules were evaluated on nothing yet. */
  #beginRules(rules: string): void {
    this.#rules = rules;
    for (const [key, totals] of this.#sources) this.#sources.set(key, { ...totals, earliest: 0 });
  }

  /** What is due when the instance is new or a minute has passed; undefined when nothing is. */
  due(now: number): Heartbeat | undefined {
    if (this.#sources.size === 0 || now - this.#last < EVERY) return undefined;
    const sources = [...this.#sources.values()].map((totals) => ({
      ...totals,
      minutes: totals.minutes.slice(-MOST_MINUTES),
    }));
    return { kind: 'heartbeat', rules: this.#rules, sources };
  }

  /** The heartbeat is in the log. */
  sent(now: number): void {
    this.#sources = new Map();
    this.#last = now;
  }
}

/** Totals of one input. */
export function totalsOf(source: Source, mapped: Mapped, bytes: number): SourceTotals {
  const { counts, latest, earliest, longest, minutes } = mapped;
  return {
    source,
    latest,
    earliest,
    batches: 1,
    records: counts.records,
    malformed: counts.malformed,
    noData: counts.noData,
    skipData: counts.skipData,
    bytes,
    longest,
    minutes,
  };
}

function sumOf(known: SourceTotals | undefined, more: SourceTotals): SourceTotals {
  if (!known) return more;
  return {
    source: more.source,
    latest: Math.max(known.latest, more.latest),
    earliest: Math.min(known.earliest || Infinity, more.earliest || known.earliest),
    batches: known.batches + more.batches,
    records: known.records + more.records,
    malformed: known.malformed + more.malformed,
    noData: known.noData + more.noData,
    skipData: known.skipData + more.skipData,
    bytes: known.bytes + more.bytes,
    longest: Math.max(known.longest, more.longest),
    minutes: joinMinutes(known.minutes, more.minutes),
  };
}

function joinMinutes(
  a: readonly SourceMinute[],
  b: readonly SourceMinute[],
): readonly SourceMinute[] {
  const joined = new Map(a.map((one) => [one[0], one]));
  for (const [minute, lines, skipped] of b) {
    const known = joined.get(minute);
    joined.set(minute, [minute, lines + (known?.[1] ?? 0), skipped + (known?.[2] ?? 0)]);
  }
  return [...joined.values()].sort(([x], [y]) => x - y);
}
