/** What a Logs Insights query leaves open, for each kind of detection. */
import type { CompiledRule } from '../rules/compiled.ts';
import { formatDuration } from '../rules/duration.ts';
import { effectiveWindow } from '../rules/windows.ts';
import { binOf } from './insights-bin.ts';

/** Sentences for the head of the query. */
export function insightsNotes(rule: CompiledRule): string[] {
  return [...windowNote(rule), ...kindNote(rule)];
}

const BINNED: ReadonlySet<string> = new Set(['count', 'sum', 'distinct', 'ratio', 'spike']);

function windowNote({ detect, window }: CompiledRule): string[] {
  if (window === undefined || !BINNED.has(detect.kind)) return [];
  const seconds = effectiveWindow(window);
  const bin = binOf(seconds).seconds;
  const counted =
    bin === seconds
      ? ''
      : `, and ${formatDuration(bin)} rather than ${formatDuration(seconds)} long`;
  return [`Bins do not slide${counted}: what straddles two of them may alert and not show here.`];
}

function kindNote({ detect }: CompiledRule): string[] {
  switch (detect.kind) {
    case 'distinct':
      return ['Many distinct values are estimated, not counted.'];
    case 'count':
      return detect.of ? ['Many connections are estimated, not counted.'] : [];
    case 'spike':
      return [
        `The rule alerts above ${detect.min} and ${detect.factor} times the median of ${formatDuration(detect.baseline)}: the query shows each bin, the median is for the reader.`,
      ];
    case 'new':
      return [
        `The rule alerts where ${detect.fields.join(', ')} was not seen for ${formatDuration(detect.forget)}: the query shows the records, not which are first.`,
      ];
    case 'absent':
      return [
        `The rule alerts when a group stops for ${formatDuration(detect.for)}: the query shows what was seen, not what is missing.`,
      ];
    case 'beacon':
      return [
        `The rule alerts at ${detect.min} connections or more whose gaps vary by less than ${detect.jitter}: the query shows the records, not their rhythm.`,
      ];
    case 'unanswered':
      return [
        'The rule alerts where no flow came back: the query shows the requests, not the answers.',
      ];
    case 'sequence':
      return [
        'The rule alerts where its steps follow one another: the query shows the records of all steps that are records.',
      ];
    default:
      return [];
  }
}
