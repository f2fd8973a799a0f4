/** The `detect` block and its window in normal form. */
import { BYTE_FIELDS, parseBytes, parseWholeNumber } from './amounts.ts';
import type { Detect } from './compiled.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { resolveField } from './field-names.ts';
import { type Path, show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';
import { effectiveWindow, slotCount, slotSeconds } from './windows.ts';

/** Kinds that later versions have. */
const LATER_KINDS: ReadonlySet<string> = new Set([
  'distinct',
  'ratio',
  'spike',
  'new',
  'absent',
  'beacon',
  'unanswered',
  'sequence',
]);

/** Why a key of `detect` that the schema does not have is refused, if it is a known kind. */
export function laterKind(path: Path, key: string): string | undefined {
  if (path.length !== 1 || path[0] !== 'detect' || !LATER_KINDS.has(key)) return undefined;
  return `this version does not have ${key} yet; it has count and sum`;
}

/** @returns undefined when it has errors, which are then reported */
export function compileDetect(
  detect: RuleDocument['detect'],
  report: Reporter,
): Detect | undefined {
  if (!detect) return { kind: 'every' };
  const { count, sum } = detect;
  if ((count === undefined) === (sum === undefined)) {
    const message = count ? 'has two kinds' : 'has no kind';
    return report.error(['detect'], `${message}; exactly one of count, sum is wanted`);
  }
  if (count) {
    if (count.of !== 'records') {
      const message = 'this version does not count connections yet; it counts records';
      return report.error(['detect', 'count', 'of'], message, 'leave of out');
    }
    const above = readAbove(count.above, ['detect', 'count', 'above'], false, report);
    return above === undefined ? undefined : { kind: 'count', above };
  }
  const field = resolveField(sum!.field, ['detect', 'sum', 'field'], report);
  if (field && field.type !== 'number') {
    report.error(['detect', 'sum', 'field'], `${field.name} is no number, so it has no sum`);
  }
  const bytes = field !== undefined && BYTE_FIELDS.has(field.name);
  const above = readAbove(sum!.above, ['detect', 'sum', 'above'], bytes, report);
  if (field?.type !== 'number' || above === undefined) return undefined;
  return { kind: 'sum', field: field.name, above };
}

function readAbove(
  value: string | number,
  path: Path,
  bytes: boolean,
  report: Reporter,
): number | undefined {
  const parse = bytes ? parseBytes : parseWholeNumber;
  const number = typeof value === 'string' ? parse(value.trim()) : value;
  if (number !== undefined && Number.isSafeInteger(number) && number >= 0) return number;
  const wanted = bytes ? 'bytes like 5000 or 10MB' : 'a whole number, at least 0';
  return report.error(path, `found ${show(value)}; wanted: ${wanted}`);
}

/**
 * @returns seconds, or undefined where there is none or it has errors
 */
export function compileWindow(
  window: RuleDocument['window'],
  windowed: boolean,
  report: Reporter,
): number | undefined {
  if (window === undefined) {
    if (windowed) report.error(['window'], 'is missing; detect needs a window', 'e.g. window: 5m');
    return undefined;
  }
  if (!windowed) {
    const hint = 'add detect, or leave window out: every matching record fires';
    return report.error(['window'], 'a window without detect has no meaning', hint);
  }
  const seconds = parseDuration(window) ?? 0;
  if (seconds > 0 && slotCount(seconds) >= 2) return seconds;
  const message = `${formatDuration(seconds)} is less than two slots of one minute`;
  return report.error(['window'], message, 'write at least 2m');
}

/** What to tell about a window whose slots add up to more than was asked; undefined otherwise. */
export function windowNote(window: number): string | undefined {
  const effective = effectiveWindow(window);
  if (effective === window) return undefined;
  const slots = `${slotCount(window)} slots of ${formatDuration(slotSeconds(window))}`;
  return `window ${formatDuration(window)} counts as ${formatDuration(effective)}: ${slots}`;
}
