/** What a rule watches, what makes it fire and what it keeps, in plain words. */

import { formatDuration, formatNumber, formatShare, plural } from '../alerts/english.ts';
import { amount, bareAmount } from '../alerts/measure.ts';
import type { EngineSettings } from '../config/snapshot.ts';
import type { CompiledRule, Inhibits, SequenceStep } from '../rules/compiled.ts';
import { matchWords } from '../rules/match-words.ts';
import { effectiveWindow, slotCount, slotSeconds } from '../rules/windows.ts';

/** Which records count, a phrase for each condition. */
export function watchWords({ detect, match }: CompiledRule): string[] {
  if (detect.kind === 'visibility') return ['all lines of each source, whatever is in them'];
  const words = matchWords(match);
  const leg = detect.kind === 'beacon' || detect.kind === 'unanswered';
  return [
    ...(words.length === 0 ? ['every record'] : words),
    ...(leg ? ['replies are left out, where ports or tcp-flags tell them'] : []),
  ];
}

export function groupWords({ by, detect }: CompiledRule): string {
  if (detect.kind === 'visibility') return 'one group for each source (log group, bucket, file)';
  if (by.length === 0) return 'one group for all records';
  const names = by.map(({ field, optional }) => (optional ? `${field} (or without)` : field));
  return `one group for each ${names.join(', ')}`;
}

/** When it fires. */
export function fireWords(rule: CompiledRule): string[] {
  const { detect, window = 0 } = rule;
  const within = `in any ${formatDuration(effectiveWindow(window))}`;
  switch (detect.kind) {
    case 'every':
      return ['at every matching record'];
    case 'count': {
      const what = detect.of === undefined ? 'records' : 'distinct connections (five-tuples)';
      return [`when a group has more than ${formatNumber(detect.above)} ${what} ${within}`];
    }
    case 'sum': {
      const above = bareAmount(detect.above, detect.field);
      return [`when ${detect.field} of a group add up to more than ${above} ${within}`];
    }
    case 'distinct': {
      const what = detect.fields.length > 1 ? 'combinations of' : 'distinct values of';
      const fields = detect.fields.join(', ');
      return [
        `when a group has more than ${formatNumber(detect.above)} ${what} ${fields} ${within}`,
      ];
    }
    case 'ratio':
      return [
        `when more than ${formatShare(detect.above)} of a group's records ${within}, ${formatNumber(detect.min)} or more, also meet: ${matchWords(detect.of).join(', ')}`,
      ];
    case 'spike':
      return spikeWords(detect, within, window);
    case 'new':
      return [
        `when a group was not seen in ${formatDuration(detect.forget)}`,
        `not before ${formatDuration(detect.learn)} have passed since the first record the rule was asked about`,
      ];
    case 'absent':
      return [
        `when a group has no record for ${formatDuration(detect.for)}, after it was seen in ${plural(detect.seen, `span`)} of that length`,
        'one alert about the source where the source itself is silent',
      ];
    case 'beacon':
      return [
        `when a group begins ${formatNumber(detect.min)} connections or more ${within}, and their gaps deviate from the mean by less than ${formatShare(detect.jitter)}`,
        'a five-tuple that pauses for less than two aggregation intervals goes on as one connection',
      ];
    case 'unanswered':
      return [
        `when ${formatNumber(detect.min)} or more connections of a group ${within} have no accepted record of the other direction`,
        'not judged while AWS skips records, nor where the flow log takes accepted or rejected traffic alone',
      ];
    case 'sequence':
      return [
        `when a group goes through these steps in order ${within}:`,
        ...detect.steps.map((step, i) => `${i + 1}. ${stepWords(step)}`),
      ];
    case 'visibility':
      return [
        `when more than ${amount(detect.above, detect.of)} ${within}, given ${formatNumber(detect.min)} lines or more`,
      ];
  }
}

function spikeWords(
  detect: Extract<CompiledRule['detect'], { kind: 'spike' }>,
  within: string,
  window: number,
): string[] {
  const { field, factor, min, baseline } = detect;
  const what = field === undefined ? 'has more than' : `adds up ${field} to more than`;
  const least = field === undefined ? plural(min, 'record') : bareAmount(min, field);
  const windows = Math.floor(baseline / effectiveWindow(window));
  return [
    `when a group ${what} ${least} ${within}, and more than ${formatNumber(factor)} times the median of the ${formatNumber(windows)} windows before`,
    `not before ${formatDuration(baseline / 4)} have passed since the first record the rule was asked about`,
  ];
}

function stepWords(step: SequenceStep): string {
  if ('rule' in step) return `the rule ${step.rule} fires`;
  const { match, above, distinct } = step;
  const conditions = matchWords(match).join(', ');
  if (distinct) {
    return `more than ${formatNumber(above)} distinct ${distinct.join(', ')} of records: ${conditions}`;
  }
  return above === 0
    ? `a record: ${conditions}`
    : `more than ${formatNumber(above)} records: ${conditions}`;
}

/** How soon after the traffic it fires; what the flow log and AWS take comes on top. */
export function whenWords({ detect, window = 0 }: CompiledRule, settings: EngineSettings): string {
  const settle = formatDuration(settings.settle);
  switch (detect.kind) {
    case 'every':
    case 'count':
    case 'sum':
    case 'distinct':
    case 'sequence':
      return 'at once, with the record that exceeds it';
    case 'absent':
      return `${formatDuration(detect.for)} and ${settle} (settle) after the last record`;
    case 'new':
      return `${settle} (settle) after the minute it was seen in`;
    case 'unanswered':
      return `${formatDuration(effectiveWindow(window))}, in which an answer may come, and ${settle} (settle) after the window`;
    default:
      return `${settle} (settle) after the window, once`;
  }
}

/** How the window is counted; undefined for rules without one. */
export function slotWords({ window }: CompiledRule): string | undefined {
  if (window === undefined) return undefined;
  const slots = `${slotCount(window)} slots of ${formatDuration(slotSeconds(window))}`;
  return `${formatDuration(effectiveWindow(window))}, in ${slots}; it slides by a slot`;
}

export function toldWords(rule: CompiledRule): string[] {
  const { mode, to, cooldown, resolve, repeat, storm, promote, budget, inhibits } = rule;
  if (mode === 'shadow') {
    return [
      'nobody: mode shadow counts and logs',
      ...(promote === undefined
        ? []
        : [
            `until it would have sent fewer than ${plural(promote.below, 'alert')} in ${formatDuration(promote.after)}: then it is live`,
          ]),
    ];
  }
  if (mode === 'signal') return ['nobody: mode signal feeds sequences'];
  return [
    `${to.join(', ')}; a group again after ${formatDuration(cooldown)} at the soonest`,
    ...(repeat === undefined ? [] : [`again every ${formatDuration(repeat)} while it lasts`]),
    ...(resolve ? ['and once more when it is over'] : []),
    `more than ${plural(storm, 'alert')} in 5 minutes fold into one`,
    ...(inhibits === undefined ? [] : [inhibitsWords(inhibits)]),
    ...(budget === undefined
      ? []
      : [`more than ${plural(budget.perDay, 'alert')} a day come in one summary of the day`]),
  ];
}

function inhibitsWords({ rules, severity, equal }: Inhibits): string {
  const named = rules === undefined ? '' : ` of ${rules.join(', ')}`;
  const ranked = severity === undefined ? '' : ` of severity ${severity.join(' or ')}`;
  const which = named === '' && ranked === '' ? ' of lower severity' : `${named}${ranked}`;
  return `while one is open, alerts${which} with the same ${equal.join(' and ')} are not told`;
}
