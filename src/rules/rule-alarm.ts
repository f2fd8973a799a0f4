/** The alarm of a rule: which of what can be written CloudWatch would take, and which tells anything. */
import type { Detect, Mode, RuleAlarm, RuleMetric } from './compiled.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { show } from './problem.ts';
import type { Reporter } from './reporter.ts';
import type { RuleDocument } from './schema.ts';

/** Longest period; seconds. */
const LONGEST_PERIOD = 86_400;
/**
 * Longest time an alarm may look back over, with periods under an hour and above. Seconds.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (Period)
 */
const LONGEST_RANGE = { short: 86_400, long: 604_800 } as const;
const HOUR = 3_600;

/** What else of the rule an alarm depends on. */
interface Around {
  readonly detect: Detect | undefined;
  readonly metric: RuleMetric | undefined;
}

/** @returns false where the document has no alarm, or one with errors */
export function compileAlarm(
  { alarm }: RuleDocument,
  around: Around,
  report: Reporter,
): RuleAlarm | false {
  if (!alarm) return false;
  const { above, band, periods } = alarm;
  const of = alarm.of ?? periods;
  const period = parseDuration(alarm.period) ?? 0;
  if ((above === undefined) === (band === undefined)) {
    const found = above === undefined ? 'neither' : 'both';
    report.error(['alarm'], `has ${found} of above and band; exactly one is wanted`);
  }
  if (of < periods) report.error(['alarm', 'of'], `${periods} periods cannot breach of ${of}`);
  if (period < 60 || period % 60 !== 0 || period > LONGEST_PERIOD) {
    const message = `found ${show(alarm.period)}; wanted: whole minutes, up to a day`;
    report.error(['alarm', 'period'], message);
  } else {
    checkRange(period, of, report);
  }
  warnOfUselessness(alarm, period, around, report);
  const threshold = above === undefined ? { band: band ?? 0 } : { above };
  return { ...threshold, period, periods, of };
}

function checkRange(period: number, of: number, report: Reporter): void {
  const longest = period < HOUR ? LONGEST_RANGE.short : LONGEST_RANGE.long;
  if (period * of <= longest) return;
  const looked = `${of} periods of ${formatDuration(period)} are ${formatDuration(period * of)}`;
  const limit = `an alarm looks back over ${formatDuration(longest)} at most`;
  const more = period < HOUR ? ', or 7d with periods of an hour or more' : '';
  report.error(['alarm', 'period'], `${looked}; ${limit}${more}`);
}

function warnOfUselessness(
  { above, band }: NonNullable<RuleDocument['alarm']>,
  period: number,
  { detect, metric }: Around,
  report: Reporter,
): void {
  if (above !== undefined && above < 0) {
    const message = `every value is above ${above}, so it is in alarm whenever there is one`;
    report.warning(['alarm', 'above'], message, 'write 0 or more');
  }
  if (band !== undefined && period > HOUR) {
    const message = `a band is learnt from two weeks of periods, and of ${formatDuration(period)} there are few`;
    report.warning(['alarm', 'period'], message, 'write at most 1h, or above in place of band');
  }
  if (metric?.value !== 'value' && detect && !hasMatches(detect)) {
    const message = 'no record meets this rule itself, so the metric it watches stays empty';
    const hint = 'give the rule a metric with value: value, or leave the alarm out';
    report.warning(['alarm'], message, hint);
  }
}

function hasMatches(detect: Detect): boolean {
  if (detect.kind === 'visibility') return false;
  return detect.kind !== 'sequence' || detect.steps.some((step) => 'match' in step);
}

/** What `rules check` says beside problems. */
export function alarmNote(mode: Mode, alarm: RuleAlarm | false): string | undefined {
  if (!alarm || mode === 'live') return undefined;
  return `its alarm shows its state in CloudWatch and tells nobody, as mode is ${mode}`;
}
