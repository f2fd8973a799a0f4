/** Patterns of subscription filters: which a log group may have, and from whom one hides records. */
import { patternTooNarrow, subscriptionPattern } from '../query/subscription-pattern.ts';
import { DEFAULT_FORMAT, LayoutError } from '../records/layout.ts';
import { formatsFor } from './glob.ts';
import { blindSpot, type Trouble } from './notices.ts';
import type { Snapshot } from './snapshot.ts';
import { RESERVED_IDS } from './system-rules.ts';

/** Rules named in one line. */
const MOST_NAMED = 10;

/**
 * The narrowest pattern for a log group with which every rule still sees what it needs; empty:
 * everything. A pattern names the fields of one format by their places, and lines of another one do
 * not meet it: a group of several formats has none.
 */
export function narrowPattern(snapshot: Snapshot, formats: readonly string[]): string {
  const [only = DEFAULT_FORMAT, ...others] = formats;
  if (others.length > 0) return '';
  return readable(() => subscriptionPattern(snapshot, only), '');
}

/** Ids of the rules in force from which a filter of this pattern on the group keeps records back. */
export function hiddenFrom(snapshot: Snapshot, group: string, pattern: string): string[] {
  const formats = formatsFor(snapshot.formats, group) ?? [DEFAULT_FORMAT];
  const ids = formats.flatMap((format) =>
    readable(() => patternTooNarrow(snapshot, format, pattern), []),
  );
  // The flow of test-alert goes to the function itself.
  return [...new Set(ids)].filter((id) => !RESERVED_IDS.has(id)).sort();
}

/**
 * What to tell the owner, by log group.
 * @param patterns of the stage's filters, by log group
 */
export function hidingFilters(
  snapshot: Snapshot,
  patterns: Readonly<Record<string, string>>,
  stage: string,
): Map<string, Trouble> {
  const found = new Map<string, Trouble>();
  for (const [group, pattern] of Object.entries(patterns)) {
    const ids = hiddenFrom(snapshot, group, pattern);
    if (ids.length === 0) continue;
    const rest = ids.length - MOST_NAMED;
    const named = `${ids.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
    found.set(
      filterOf(group),
      blindSpot([
        `${filterOf(group)}:`,
        `  it passes on only ${pattern}, and the ${ids.length > 1 ? 'rules' : 'rule'} ${named} may need more; run flowlog-alerts subscribe --stage ${stage} --apply, with --narrow for the pattern that fits now`,
      ]),
    );
  }
  return found;
}

const PREFIX = 'subscription filter of ';

function filterOf(group: string): string {
  return `${PREFIX}${group}`;
}

/** Whether a trouble is one of a filter's. */
export function isOfFilter(key: string): boolean {
  return key.startsWith(PREFIX);
}

/** A format that is none is told of elsewhere. */
function readable<T>(read: () => T, instead: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LayoutError) return instead;
    throw error;
  }
}
