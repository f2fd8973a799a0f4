/** A rule's window: which kinds have one, how long it may be, what it comes to in slots. */
import { intervalNote } from '../detect/interval.ts';
import type { Detect } from './compiled.ts';
import type { DetectKey } from './detect-schema.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';
import { effectiveWindow, slotCount, slotSeconds } from './windows.ts';

/** Kinds that look at all time; each says so in a word of its own. */
const WITHOUT: Partial<Record<DetectKey, string>> = {
  new: 'what was seen is remembered for `forget`',
  absent: 'the time it waits is `for`',
};

/**
 * @param kind undefined where `detect` names none; `unclear` where it cannot be told
 * @returns seconds, or undefined where there is none or it has errors
 */
export function compileWindow(
  window: RuleDocument['window'],
  kind: DetectKey | 'unclear' | undefined,
  report: Reporter,
): number | undefined {
  const instead = kind === undefined || kind === 'unclear' ? undefined : WITHOUT[kind];
  if (window === undefined) {
    if (kind !== undefined && kind !== 'unclear' && instead === undefined) {
      report.error(['window'], `is missing; ${kind} needs a window`, 'e.g. window: 5m');
    }
    return undefined;
  }
  if (kind === undefined) {
    const hint = 'add detect, or leave window out: every matching record fires';
    return report.error(['window'], 'a window without detect has no meaning', hint);
  }
  if (instead !== undefined) {
    return report.error(['window'], `${kind} has no window: ${instead}`, 'leave window out');
  }
  const seconds = parseDuration(window) ?? 0;
  if (seconds > 0 && slotCount(seconds) >= 2) return seconds;
  const message = `${formatDuration(seconds)} is less than two slots of one minute`;
  return report.error(['window'], message, 'write at least 2m');
}

/** Holds a window against what its kind has to find in it. */
export function checkWindow(detect: Detect, window: number, report: Reporter): void {
  if (detect.kind === 'spike' && detect.baseline < 2 * effectiveWindow(window)) {
    const message = `${formatDuration(detect.baseline)} holds fewer than two windows of ${formatDuration(effectiveWindow(window))} to compare with`;
    const hint = `write at least ${formatDuration(2 * effectiveWindow(window))}`;
    report.error(['detect', 'spike', 'baseline'], message, hint);
  }
  if (detect.kind === 'beacon') {
    const note = intervalNote({ detect, window });
    if (note?.interval === 0) report.warning(['window'], note.why, `write a longer window`);
  }
}

/** What to tell about a window whose slots add up to more than was asked; undefined otherwise. */
export function windowNote(window: number): string | undefined {
  const effective = effectiveWindow(window);
  if (effective === window) return undefined;
  const slots = `${slotCount(window)} slots of ${formatDuration(slotSeconds(window))}`;
  return `window ${formatDuration(window)} counts as ${formatDuration(effective)}: ${slots}`;
}
