import type { Interval } from '../rules/intervals.ts';
import { sharedPattern } from './port-pattern.ts';

/**
 * Fields that say whether another one is in a long set of numbers. A second `parse` extracts them where it is,
 * so that the set is written once however often it is asked for.
 */
export class InsightsMarks {
  readonly #patterns = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** The pattern of a set; the same few sets are asked for again and again. */
  pattern(intervals: readonly Interval[]): string {
    const key = intervals.join(' ');
    let pattern = this.#patterns.get(key);
    if (pattern === undefined) {
      pattern = sharedPattern(intervals);
      this.#patterns.set(key, pattern);
    }
    return pattern;
  }

  /** The name of the mark; a field that holds no such number has none. */
  of(field: string, pattern: string): string {
    const command = `parse ${field} /^(?<MARK>${pattern})$/`;
    let name = this.#names.get(command);
    if (!name) {
      // Names of groups take neither hyphens nor underscores.
      name = `listed${this.#names.size + 1}`;
      this.#names.set(command, name);
    }
    return name;
  }

  /** The commands that make the marks, to stand before the filters that ask for them. */
  commands(): string[] {
    return [...this.#names].map(([command, name]) => command.replace('MARK', name));
  }
}
