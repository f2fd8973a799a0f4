/**
 * Map: one input becomes one small digest. A pure function of the input and the rule snapshot; the
 * stages are the folders beside this file, in their order.
 *
 *     decode -> parse -> enrich -> match -> digest
 */
import type { BatchDigest, RuleDigest, Sample } from '../log/digest.ts';
import type { RecordBatch } from '../records/batch.ts';
import { lineOfRow } from '../records/table.ts';
import type { Batch } from './1-decode/lines.ts';
import { BATCH_ROWS, type Counts, newCounts, Parser, type TimeSpan } from './2-parse/parse.ts';
import { Enricher } from './3-enrich/enrich.ts';
import { type Hits, Matcher } from './4-match/match.ts';
import type { RuleSet } from './4-match/rule-set.ts';
import { Digester } from './5-digest/digester.ts';
import { type InputTimes, Times } from './times.ts';

/** What one input came to. */
export interface Mapped extends InputTimes {
  /** Absent when nothing matched: no match, no digest, no cost. */
  readonly digest: BatchDigest | undefined;
  readonly counts: Counts;
}

/** Reuses its columns from input to input; one for each thread. */
export class Mapper {
  readonly #parser: Parser;
  readonly #enricher: Enricher;
  readonly #matcher: Matcher;
  readonly #digester: Digester;
  readonly #times: Times;
  #layouts: Batch['layouts'] = [];

  /**
   * @param maxGroups groups a rule may have per slot and input; Infinity where there is no bound
   * @param span lines of other times are passed over
   */
  constructor(set: RuleSet, maxGroups: number, span?: TimeSpan) {
    this.#parser = new Parser(span);
    const internal = set.snapshot.lists.internal?.cidrs ?? [];
    this.#enricher = new Enricher(internal, set.needed);
    this.#matcher = new Matcher(set, BATCH_ROWS);
    this.#digester = new Digester(set, maxGroups);
    this.#times = new Times(set.snapshot.settings.lateness);
  }

  map(input: Batch): Mapped {
    const { lines, source } = input;
    const counts = newCounts();
    if (input.layouts !== this.#layouts) {
      this.#layouts = input.layouts;
      this.#digester.unbind();
    }
    for (const [reason, count] of Object.entries(lines.faults)) {
      counts.reasons[reason] = (counts.reasons[reason] ?? 0) + count;
      counts.malformed += count;
    }
    for (let from = 0; from < lines.count; from += BATCH_ROWS) {
      const to = Math.min(lines.count, from + BATCH_ROWS);
      const { batch, hits } = this.scan(input, from, to, counts);
      this.#times.add(batch, this.#parser.flowless);
      if (hits.count > 0) this.#digester.add(batch, hits, (row) => sampleOf(input, batch, row));
    }
    const rules: RuleDigest[] = this.#digester.take();
    const times = this.#times.take();
    const { latest, earliest, longest } = times;
    const skipped = times.minutes.flatMap(([minute, , lost]) => (lost > 0 ? [minute] : []));
    const digest: BatchDigest | undefined =
      rules.length === 0
        ? undefined
        : { kind: 'batch', source, latest, earliest, longest, skipped, rules };
    return { digest, counts, ...times };
  }

  /** The stages up to match, on at most BATCH_ROWS lines. */
  scan(
    input: Batch,
    from: number,
    to: number,
    counts: Counts,
  ): { readonly batch: RecordBatch; readonly hits: Hits } {
    const batch = this.#parser.parse(input, from, to, counts);
    this.#enricher.enrich(batch);
    return { batch, hits: this.#matcher.match(batch) };
  }
}

function sampleOf(input: Batch, batch: RecordBatch, row: number): Sample {
  const { bytes, starts, ends } = input.lines;
  const line = batch.lines[row];
  if (input.table) return { format: input.table.layout.format, line: lineOfRow(input.table, line) };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString('utf8', starts[line], ends[line]);
  return { format: input.layouts[batch.layouts[row]].format, line: text.trim() };
}
